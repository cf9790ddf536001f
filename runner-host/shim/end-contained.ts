import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry, ProcessTable } from '../processes/process-table';
import type { Survivor } from '../protocol/result';
import type { SignalSender } from '../supervisor/send-signal';
import type { Containment, Leader } from './containment';

/** Children that are about to end when the command itself has ended (the rest of a shell's pipeline) have not leaked. */
const SETTLE_MS = 100;
const LOOK_MS = 5;
/** No run's end takes longer than this beyond its grace. */
const KILL_BOUND_MS = 10_000;
const LONGEST_PAUSE_MS = 50;
/** Of a run whose host is gone: nobody waits for its result any more. */
export const ORPHAN_GRACE_MS = 3000;

export interface ContainedEnd {
  /** Alive though the command itself, or its grace, was over. */
  leaked: number;
  survivors: Survivor[];
  /** Whether the kernel says that nothing is left. */
  proven: boolean;
}

export interface ContainedTools {
  containment: Containment;
  table: ProcessTable;
  signals: SignalSender;
  leader: Leader;
  graceMs: number;
  /** Aborted when the host is gone. */
  orphaned: AbortSignal;
}

/**
 * Ends every process of a contained run: TERM to groups and tree, CONT (a stopped process sees TERM only then), grace, then
 * KILL in passes until the kernel says that nothing is left. No scan decides that. Resolves within grace + about 10 s.
 */
export async function endContained(tools: ContainedTools): Promise<ContainedEnd> {
  const { containment, leader, table } = tools;
  const stopped = !leader.hasEnded();
  if (await isEmptyWithin(containment, stopped ? 0 : SETTLE_MS)) return { leaked: 0, survivors: [], proven: true };
  const living = (): ProcessEntry[] => containment.list().filter((entry) => entry.pid !== leader.pid);
  let leaked = living().length;
  const ended = await terminate(tools);
  if (stopped) leaked = ended ? 0 : living().length;
  if (ended || (await kill(tools))) return { leaked, survivors: [], proven: true };
  const survivors = containment.list().map(({ pid, startTime }) => ({ pid, startTime, command: table.describe(pid) }));
  return { leaked, survivors, proven: false };
}

/** Returns whether everything ended in time. */
async function terminate({ containment, signals, graceMs, orphaned }: ContainedTools): Promise<boolean> {
  const present = containment.list();
  for (const signal of ['SIGTERM', 'SIGCONT'] as const) {
    const groups = [...new Set(present.map((entry) => entry.group))];
    const told = new Set(groups.filter((group) => signals.toGroup(group, present, signal)));
    // TERM is not sent twice: a program may take the second one for impatience and skip its clean-up.
    for (const entry of present) if (!told.has(entry.group)) signals.toProcess(entry, signal);
  }
  let deadline = performance.now() + graceMs;
  const hurry = (): void => {
    deadline = Math.min(deadline, performance.now() + ORPHAN_GRACE_MS);
  };
  if (orphaned.aborted) hurry();
  else orphaned.addEventListener('abort', hurry, { once: true });
  return isEmptyBy(containment, () => deadline);
}

async function kill({ containment, signals }: ContainedTools): Promise<boolean> {
  const deadline = performance.now() + KILL_BOUND_MS;
  for (let pause = 1; performance.now() < deadline; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    containment.kill(signals);
    if (await isEmptyWithin(containment, pause)) return true;
  }
  return false;
}

function isEmptyWithin(containment: Containment, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  return isEmptyBy(containment, () => deadline);
}

/** Asks the kernel until it says so or the time is over; at least once. */
async function isEmptyBy(containment: Containment, deadline: () => number): Promise<boolean> {
  while (!containment.isEmpty()) {
    const left = deadline() - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(LOOK_MS, Math.max(1, left)));
  }
  return true;
}
