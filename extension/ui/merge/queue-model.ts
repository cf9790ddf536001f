import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow } from '../../ledger/rows';
import { mergeQueue, queueLeaseName, QUEUE_BUSY } from '../../pipeline/merge/merge-queue';

/** One item that has come to the merge gate. */
export interface QueuedItem {
  item: string;
  /** From 1, counted over those that could land now; null for one that waits for a person or a time. */
  position: number | null;
  landing: boolean;
}

/** What waits for one base branch. */
export interface MergeQueue {
  base: string;
  frozen: { reason: string; actor: string; at: number } | null;
  entries: QueuedItem[];
  /** Some process has its lease, alive or not. */
  leased: boolean;
}

/** The queues of a repository that have something in them, are frozen, or in somebody's hands. */
export function mergeQueues(read: LedgerReads): MergeQueue[] {
  const bases = [...new Set(read.items().map(({ base }) => base))].sort();
  return bases.flatMap((base) => {
    const queue = read.queue(base);
    const frozen = queue?.state === 'frozen' ? { reason: queue.reason, actor: queue.actor, at: queue.at } : null;
    const entries = entriesOf(mergeQueue(read, base), read);
    const leased = read.lease(queueLeaseName(base)) !== undefined;
    return entries.length === 0 && frozen === null && !leased ? [] : [{ base, frozen, entries, leased }];
  });
}

function entriesOf(items: readonly ItemRow[], read: LedgerReads): QueuedItem[] {
  let position = 0;
  return items.map((item) => {
    const landing = read.openJobs(item.id).some((job) => job.kind === 'merge');
    const counts = landing || waitsForItsTurn(item);
    return { item: item.id, position: counts ? (position += 1) : null, landing };
  });
}

/** What is held, or deferred for another reason than those before it, lets the others pass. */
export function waitsForItsTurn({ condition, reason_code: code }: ItemRow): boolean {
  return condition !== 'held' && (condition !== 'deferred' || code === QUEUE_BUSY);
}
