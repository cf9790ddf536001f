import type { ProcessIdentity } from '../protocol/methods';
import type { MergeRunResult, MergeRunSpec } from '../protocol/merge';
import type { CaseResult } from '../protocol/result';
import type { RunContext } from '../runners/run-context';
import { mergeContext } from './merge-context';
import { runMerge } from './run-merge';

/**
 * The merge gate as a runner of the host. `stateDir` is the repository's state folder, `me` the host. The cases are those of the
 * last suite that wrote a report. Never throws.
 */
export async function runMergeGate(
  spec: MergeRunSpec,
  run: RunContext,
  stateDir: string,
  me: ProcessIdentity,
): Promise<{ result: MergeRunResult; cases: CaseResult[] | null }> {
  const context = mergeContext(run, stateDir, me);
  let cases: CaseResult[] | null = null;
  const result = await runMerge(spec, {
    ...context,
    runCommand: async (command) => {
      const outcome = await context.runCommand(command);
      cases = outcome.cases ?? cases;
      return outcome;
    },
  });
  return { result, cases };
}
