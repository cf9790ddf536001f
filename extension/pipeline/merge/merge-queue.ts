import type { Lease } from '../../ledger/lease';
import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow, TransitionRow } from '../../ledger/rows';
import type { Reason } from '../outcome';

/** Why an item waits in the line: somebody else's turn. It costs nothing. */
export const QUEUE_BUSY = 'queue-busy';

/** Somebody who waits and has not asked again for so long (ms) after the time that was set has left the line. */
const PATIENCE = 60_000;

/** What the queue's lease is called in the ledger: no item's id has a blank. */
export const queueLeaseName = (base: string): string => `queue ${base}`;
/** Whose queue's lease it is; undefined: an item's. */
export const queueBaseOf = (lease: string): string | undefined => /^queue (.+)$/.exec(lease)?.[1];

type Reads = Pick<LedgerReads, 'items' | 'transitions'>;

/** The items that stand at `merge` for this base, in the order in which they came there. */
export function mergeQueue(read: Reads, base: string): ItemRow[] {
  return read
    .items()
    .filter((item) => item.stage === 'merge' && item.base === base && item.condition !== 'done')
    .map((item) => ({ item, came: cameToMerge(read.transitions(item.id)) }))
    .sort((a, b) => a.came - b.came || (a.item.id < b.item.id ? -1 : 1))
    .map(({ item }) => item);
}

/** When the item came to where it stands. */
function cameToMerge(history: readonly TransitionRow[]): number {
  return history.findLast((row) => row.to_stage === 'merge' && row.from_stage !== 'merge')?.at ?? 0;
}

/** The first of those before this item that is in the line. One that is held, deferred by a fault, or not asked for blocks nobody. */
export function aheadOf(read: Reads, item: ItemRow, now: number): ItemRow | undefined {
  const line = mergeQueue(read, item.base);
  const mine = line.findIndex(({ id }) => id === item.id);
  return line
    .slice(0, Math.max(mine, 0))
    .find(
      ({ condition, reason_code: code, next_at: next }) =>
        condition === 'deferred' && code === QUEUE_BUSY && next !== null && next + PATIENCE >= now,
    );
}

/** Why nothing may land on this base; undefined: it may. */
export function whyFrozen(read: Pick<LedgerReads, 'queue'>, base: string): Reason | undefined {
  const row = read.queue(base);
  if (row?.state !== 'frozen') return undefined;
  return {
    code: 'queue-frozen',
    text: `nothing lands on ${base} until a person has looked: ${row.reason}`,
    remedy: `When it is clear: interlock unfreeze --base ${base} --reason TEXT`,
  };
}

/** The item's lease and the queue's. */
export interface LandingLeases {
  item: Lease;
  queue: Lease;
}
