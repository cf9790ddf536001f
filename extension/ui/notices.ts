import type { LedgerReads } from '../ledger/ledger';
import type { TransitionRow } from '../ledger/rows';

/** The only things worth interrupting a person for. */
export interface Notice {
  kind: 'held' | 'red-after-green';
  item: string;
  stage: string;
  reason: string;
  run: string | null;
}

/**
 * What the transitions after `seen` (a revision) are worth telling; never a green one, and a hold only while it lasts.
 * A person who holds an item knows it already.
 */
export function noticesSince(read: LedgerReads, id: string, seen: number): Notice[] {
  const item = read.item(id);
  if (!item || item.rev <= seen) return [];
  const all = read.transitions(id);
  const fresh = all.filter((row) => row.rev > seen);
  const held = fresh.findLast((row) => row.outcome === 'held');
  if (held && item.condition === 'held') return held.reason_code === 'held-by-person' ? [] : [notice('held', held)];
  const red = fresh.findLast((row) => row.verdict === 'FAIL');
  if (red && all.some((row) => row.rev < red.rev && row.verdict === 'PASS')) return [notice('red-after-green', red)];
  return [];
}

function notice(kind: Notice['kind'], row: TransitionRow): Notice {
  return { kind, item: row.item, stage: row.from_stage, reason: row.reason, run: row.run };
}
