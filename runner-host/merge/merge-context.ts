import { dirname, join } from 'node:path';
import type { ProcessTable } from '../processes/process-table';
import type { ProcessIdentity } from '../protocol/methods';
import type { TestRunSpec } from '../protocol/run-spec';
import type { RunContext, RunOutcome } from '../runners/run-context';
import { runTests } from '../runners/test-runner';
import type { Log } from '../supervisor/send-signal';

/** What the merge gate gets besides its specification. */
export interface MergeContext {
  /** `merge/` in the repository's state folder: mirror, worktrees, lock, journals. Made when it is missing. */
  folder: string;
  /** This process, as the lock's owner. */
  me: ProcessIdentity;
  table: ProcessTable;
  env: NodeJS.ProcessEnv;
  log: Log;
  /** Aborted with the reason (a string) when the run is to stop. */
  stop: AbortSignal;
  onStep(step: string): void;
  /** Runs one supervised command in a worktree of the gate's. Never throws. */
  runCommand(spec: TestRunSpec): Promise<RunOutcome>;
  /** Told before and after each side effect, by name: where a crash is tried out. */
  reach?(point: string): Promise<void>;
}

/** The gate's context in the runner host; `stateDir` is the repository's state folder. */
export function mergeContext(run: RunContext, stateDir: string, me: ProcessIdentity): MergeContext {
  return {
    folder: join(stateDir, 'merge'),
    me,
    table: run.table,
    env: run.env,
    log: run.log,
    stop: run.stop,
    onStep: (step) => run.onStep('running', step),
    runCommand: (spec) => runTests(spec, run),
  };
}

/** The state folder of a run's own folder `<stateDir>/runs/<run>/scratch`. */
export function stateFolderOf(scratch: string): string {
  return dirname(dirname(dirname(scratch)));
}
