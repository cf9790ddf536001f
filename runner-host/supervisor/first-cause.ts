import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessTable } from '../processes/process-table';
import { within } from './bounded';
import { isAlive } from './members';
import { countOomKills } from './out-of-memory';
import type { Ended, Started } from './start-command';

/** setTimeout takes no more (it would fire at once); a run of 24 days is cut there. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const EXIT_BOUND_MS = 2000;

/** Why a run is over: the first thing that happened, recorded once. */
export type EndCause =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'out-of-memory'; detail: string }
  | { kind: 'timeout' }
  | { kind: 'cancel'; reason: string }
  | { kind: 'output-lost'; code: string; detail: string }
  | { kind: 'spawn-failed'; code: string; detail: string };

export interface Waiting {
  table: ProcessTable;
  started: Started;
  timeoutMs: number;
  /** Aborted with the reason (a string): the run is to stop. */
  stop: AbortSignal;
  /** Resolves when output could not be kept. */
  outputFailed: Promise<EndCause>;
}

/** Waits for exit, timeout, cancel or lost output, whichever comes first. Never throws. */
export async function waitForCause({ table, started, timeoutMs, stop, outputFailed }: Waiting): Promise<EndCause> {
  const over = started.ended.then(causeOfExit);
  const timer = new AbortController();
  const timeout = sleep(Math.min(timeoutMs, LONGEST_TIMER_MS), undefined, { signal: timer.signal }).then(
    async (): Promise<EndCause> => {
      // A busy host may see the timer before an exit that came earlier: a command that is already dead did not time out.
      const dead = started.leader !== null && !isAlive(table, started.leader);
      return (dead ? await within(EXIT_BOUND_MS, over) : undefined) ?? { kind: 'timeout' };
    },
    (): Promise<EndCause> => over,
  );
  const cancelled = new Promise<EndCause>((resolve) => {
    const tell = (): void => resolve({ kind: 'cancel', reason: String(stop.reason) });
    if (stop.aborted) tell();
    else stop.addEventListener('abort', tell, { once: true });
  });
  try {
    return await Promise.race([over, cancelled, outputFailed, timeout]);
  } finally {
    timer.abort();
  }
}

function causeOfExit(ended: Ended): EndCause {
  if (ended.kind === 'failed') return { kind: 'spawn-failed', code: ended.code, detail: ended.detail };
  return ended.signal !== null ? { kind: 'signal', signal: ended.signal } : { kind: 'exit', code: ended.code ?? -1 };
}

/** An exit is the kernel's doing if it was by SIGKILL, or a shell's 137 for it, and the kernel counted a kill for want of memory since `before`. */
export function judgeMemory(cause: EndCause, before: number | null): EndCause {
  const killed =
    (cause.kind === 'signal' && cause.signal === 'SIGKILL') || (cause.kind === 'exit' && cause.code === 137);
  const now = killed ? countOomKills() : null;
  if (before === null || now === null || now <= before) return cause;
  return {
    kind: 'out-of-memory',
    detail: `the kernel killed ${now - before} process(es) for want of memory during the run`,
  };
}
