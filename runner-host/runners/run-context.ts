import type { OutputSink } from '../supervisor/read-output';
import type { Log } from '../supervisor/send-signal';
import type { KnownProcess, ProcessTable } from '../processes/process-table';
import type { RunSupervisor } from '../shim/run-supervisor';
import type { FromShimOf } from '../shim/messages';
import type { RunState } from '../protocol/methods';
import type { RunResult } from '../protocol/runs';
import type { CaseResult } from '../protocol/result';

/** What a runner gets besides its specification. */
export interface RunContext {
  table: ProcessTable;
  supervisor: Pick<RunSupervisor, 'supervise'>;
  /** The host's own environment. */
  env: NodeJS.ProcessEnv;
  cookie: string;
  /** A private folder for the command's temporary files; it is there already. */
  tmp: string;
  /** A folder for the runner's own scratch files; not there yet. */
  scratch: string;
  output: OutputSink;
  log: Log;
  /** Aborted with the reason (a string) when the run is to stop. */
  stop: AbortSignal;
  /** The process that supervises the command is there; the command is not started before this returns. */
  onReady(shim: FromShimOf<'ready'>): void;
  onStarted(leader: KnownProcess): void;
  /** The suite is asked for on a staging host, after this returns. */
  onRemote(): void;
  /** It was asked for there already, by a runner host that died: it may be joined, and is not started. */
  adopted: boolean;
  onStep(state: RunState, step: string): void;
}

export interface RunOutcome {
  result: RunResult;
  cases: CaseResult[] | null;
}
