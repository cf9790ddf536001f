import type { ItemRow } from '../ledger/rows';
import type { StepRows } from './transition';

export interface ItemNote {
  /** In one word, as a step's outcome. */
  outcome: string;
  text: string;
  actor: string;
}

/** A line of history for something that leaves the item where it stands. */
export function noteRows(item: ItemRow, { outcome, text, actor }: ItemNote, now: number): StepRows {
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
