import { leasePrecondition, type Lease } from '../ledger/lease';
import type { ItemRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import type { Reason } from './outcome';
import { unknownItem } from './person-commands';
import { lostRace, rowsOf } from './record';
import type { StepRows } from './transition';

/** A person may hold or move the item at the same time: read again so often. */
const TRIES = 5;

export interface ItemNote {
  /** In one word, as a step's outcome. */
  outcome: string;
  text: string;
  actor: string;
}

/** Writes a line of history, under the item's lease, for something that was done about it and leaves it where it stands. */
export async function writeNote(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  lease: Lease,
  note: ItemNote,
): Promise<{ ok: true; item: ItemRow } | { ok: false; reason: Reason }> {
  for (let tries = 1; ; tries++) {
    const item = ledger.read.item(lease.item);
    if (!item) return { ok: false, reason: unknownItem(lease.item) };
    const step = noteRows(item, note, clock.now());
    const rows = rowsOf(item, step, { pre: [leasePrecondition(lease)] });
    const written = await ledger.commit({ actor: note.actor, event: note.outcome, ...rows });
    if (written.ok) return { ok: true, item: step.item };
    if (written.table !== 'items' || tries === TRIES) return { ok: false, reason: lostRace(item, written) };
    await ledger.refresh();
  }
}

function noteRows(item: ItemRow, { outcome, text, actor }: ItemNote, now: number): StepRows {
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
