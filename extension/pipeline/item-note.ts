import type { ItemRow } from '../ledger/rows';
import type { StepRows } from './transition';

export interface ItemNote {
  /** In one word, as a step's outcome. */
  outcome: string;
  text: string;
  actor: string;
  now: number;
}

/** A line of history for something that was done about an item and leaves it where it stands. */
export function itemNote(item: ItemRow, { outcome, text, actor, now }: ItemNote): StepRows {
  const rev = item.rev + 1;
  const transition = {
    id: `${item.id}#${rev}`,
    item: item.id,
    rev,
    at: now,
    actor,
    from_stage: item.stage,
    to_stage: item.stage,
    outcome,
    verdict: null,
    run: null,
    reason_code: outcome,
    reason: text,
  };
  return { item: { ...item, rev }, transition, hold: undefined, alert: undefined };
}
