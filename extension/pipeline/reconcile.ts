import { breakLease, livenessOf } from '../ledger/lease';
import type { ItemRow } from '../ledger/rows';
import type { PipelinePorts } from './context';

export interface Unfinished {
  item: string;
  /** `reconciler`: an earlier process left it half way. `timer`: its deferral is over. */
  actor: 'reconciler' | 'timer';
}

/**
 * Items that nobody is advancing although something waits to be taken up: a run without a result, a result without a
 * decision, a deferral that is due. An owner that may be alive is never disturbed.
 */
export async function findUnfinished(ports: PipelinePorts): Promise<Unfinished[]> {
  const { ledger, clock, identity } = ports;
  await ledger.refresh();
  const found: Unfinished[] = [];
  for (const item of ledger.read.items()) {
    const actor = unfinished(ports, item, clock.now());
    if (!actor) continue;
    const lease = ledger.read.lease(item.id);
    if (lease && (await livenessOf(identity, lease)) !== 'dead') continue;
    found.push({ item: item.id, actor });
  }
  return found;
}

/** Ends the leases that dead owners left on items which nobody has to take up; one that may be alive is never touched. */
export async function reclaimLeases(ports: PipelinePorts, unfinished: readonly Unfinished[]): Promise<void> {
  const { ledger, identity } = ports;
  for (const lease of ledger.read.leases()) {
    if (unfinished.some(({ item }) => item === lease.item)) continue;
    if ((await livenessOf(identity, lease)) === 'dead') await breakLease(ledger, lease, 'reconciler');
  }
}

function unfinished({ ledger }: PipelinePorts, item: ItemRow, now: number): Unfinished['actor'] | undefined {
  if (item.condition === 'held' || item.condition === 'done') return undefined;
  if (item.condition === 'running') return 'reconciler';
  if (ledger.read.openJobs(item.id).length > 0) return 'reconciler';
  if (item.condition === 'deferred' && item.next_at !== null && item.next_at <= now) return 'timer';
  return undefined;
}
