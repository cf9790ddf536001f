import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownProcess, ProcessTable } from '../processes/process-table';
import type { Supervision } from '../protocol/result';
import { endRun, type RunEnd } from '../supervisor/end-run';
import { isAlive, type Members } from '../supervisor/members';
import { SignalSender, type Log } from '../supervisor/send-signal';
import { Cgroup } from './cgroup';
import type { FromShimOf } from './messages';

const CGROUP_LOOKS = 40;
const CGROUP_LOOK_MS = 25;

/** What a shim that is gone, or is to go, may have left behind. */
export interface LeftBehind {
  cgroup: string | null;
  /** The command itself, which is not counted as leaked. */
  leader: KnownProcess | null;
  /** What the shim had to say of the end, if it said it. */
  ended: FromShimOf<'ended'> | null;
}

export type Sweep = Pick<Supervision, 'containment' | 'cleanliness' | 'leaked' | 'survivors'>;

/**
 * Ends what a shim could not end, or left behind when it was killed. Only the run's cgroup can prove here that nothing is
 * left: without a subreaper an orphan that cleared its environment and was never seen can't be told from any other process.
 */
export async function sweepAfterShim(
  graceMs: number,
  members: Members,
  { table, log }: { table: ProcessTable; log: Log },
  { cgroup, leader, ended }: LeftBehind,
): Promise<Sweep> {
  const end = await endRun({
    table,
    members,
    signals: new SignalSender(table, log),
    // Who had a grace has had it.
    graceMs: ended === null ? graceMs : 0,
    leader: leader && { pid: leader.pid, hasEnded: () => !isAlive(table, leader) },
  });
  const empty = cgroup === null ? false : await emptyCgroup(cgroup, log);
  const leaked = Math.max(end.leaked, ended?.leaked ?? 0);
  const survivors = end.survivors.filter((survivor) => isAlive(table, survivor));
  if (empty && survivors.length === 0) return { containment: 'cgroup', cleanliness: 'clean', leaked, survivors };
  const containment = end.checked ? 'sweep' : 'none';
  return { containment, cleanliness: cleanliness({ ...end, survivors }, ended), leaked, survivors };
}

/** What the kernel has counted and no scan can find stays unproven. */
function cleanliness(end: RunEnd, ended: LeftBehind['ended']): Sweep['cleanliness'] {
  if (end.survivors.length > 0) return 'dirty';
  return end.checked && ended?.cleanliness !== 'unchecked' ? 'swept' : 'unchecked';
}

/** Ends everything in a dead shim's cgroup and removes it. Returns whether the kernel says that it is empty. */
async function emptyCgroup(path: string, log: Log): Promise<boolean> {
  try {
    const cgroup = new Cgroup(path);
    for (let look = 0; cgroup.isPopulated(); look += 1) {
      if (look === CGROUP_LOOKS) return false;
      cgroup.kill();
      await sleep(CGROUP_LOOK_MS);
    }
    if (!cgroup.remove()) log(`cgroup left behind: ${path}`);
    return true;
  } catch (error) {
    // Its shim has removed it, which the kernel allows only when it is empty.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    log(`cgroup of the run: ${(error as Error).message}`);
    return false;
  }
}
