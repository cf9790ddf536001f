import type { ItemRow } from '../ledger/rows';
import { noteRows } from './note-rows';
import type { StepRows } from './transition';

/**
 * The line of history for a lease that a person took away. The item stays where it stands; only one that was running gets a
 * reason of its own, for nobody waits for its run any more.
 */
export function leaseBroken(
  item: ItemRow,
  { text, actor, now }: { text: string; actor: string; now: number },
): StepRows {
  const rows = noteRows(item, { outcome: 'lease-broken', text, actor }, now);
  if (item.condition !== 'running') return rows;
  const abandoned = {
    reason_code: 'lease-broken',
    reason: text,
    since: now,
    turn: 'person',
    next_action: `interlock advance ${item.id}`,
  };
  return { ...rows, item: { ...rows.item, ...abandoned } };
}
