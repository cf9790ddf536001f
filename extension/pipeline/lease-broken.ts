import type { ItemRow } from '../ledger/rows';
import type { StepRows } from './transition';

/**
 * The line of history for a lease that a person took away. The item stays where it stands; only one that was running gets a
 * reason of its own, for nobody waits for its run any more.
 */
export function leaseBroken(
  item: ItemRow,
  { text, actor, now }: { text: string; actor: string; now: number },
): StepRows {
  const rev = item.rev + 1;
  const abandoned = item.condition === 'running';
  const next: ItemRow = {
    ...item,
    rev,
    ...(abandoned && {
      reason_code: 'lease-broken',
      reason: text,
      since: now,
      turn: 'person',
      next_action: `interlock advance ${item.id}`,
    }),
  };
  const transition = {
    id: `${item.id}#${rev}`,
    item: item.id,
    rev,
    at: now,
    actor,
    from_stage: item.stage,
    to_stage: item.stage,
    outcome: 'lease-broken',
    verdict: null,
    run: null,
    reason_code: 'lease-broken',
    reason: text,
  };
  return { item: next, transition, hold: undefined, alert: undefined };
}
