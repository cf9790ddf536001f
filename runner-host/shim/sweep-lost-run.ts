import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownProcess, ProcessTable } from '../processes/process-table';
import { isAlive, Members } from '../supervisor/members';
import { SignalSender, type Log } from '../supervisor/send-signal';
import { ORPHAN_GRACE_MS } from './end-contained';
import { sweepAfterShim, type Sweep } from './sweep-after-shim';

/** How long beyond its grace a shim may take to end a run whose host died. */
const LATE_MS = 2500;
const LOOK_MS = 20;

/** By what the processes of a run are known to somebody who has not started it. */
export interface LostProcesses {
  cookie: string;
  /** Nothing of the run is older than this: age of the shim or, without one, of the host. */
  notBefore: number;
  shim: (KnownProcess & { cgroup: string | null }) | null;
  leader: KnownProcess | null;
}

/**
 * Ends what is left of a run whose host died. Its shim, which the host's death has told to stop, is given the time to do so
 * itself: only it can find every process. Resolves within grace + about 20 s.
 */
export async function sweepLostRun(
  { cookie, notBefore, shim, leader }: LostProcesses,
  graceMs: number,
  { table, log }: { table: ProcessTable; log: Log },
): Promise<Sweep> {
  const grace = Math.min(graceMs, ORPHAN_GRACE_MS);
  const shimEnded = shim !== null && (await endOfShim(shim, grace + LATE_MS, { table, log }));
  const root = [shim, leader].find((known) => known !== null && isAlive(table, known)) ?? null;
  const members = new Members(table, { cookie, leader: root, notBefore, outputEnds: new Set(), watched: false });
  const left = { cgroup: shim?.cgroup ?? null, leader: null, ended: null };
  return sweepAfterShim(shimEnded ? 0 : grace, members, { table, log }, left);
}

/** Returns whether the shim was there and has ended within the time (ms); one that was stopped is woken. */
async function endOfShim(
  shim: KnownProcess,
  ms: number,
  { table, log }: { table: ProcessTable; log: Log },
): Promise<boolean> {
  if (!isAlive(table, shim)) return false;
  new SignalSender(table, log).toProcess(shim, 'SIGCONT');
  const deadline = Date.now() + ms;
  while (isAlive(table, shim)) {
    if (Date.now() > deadline) return false;
    await sleep(LOOK_MS);
  }
  return true;
}
