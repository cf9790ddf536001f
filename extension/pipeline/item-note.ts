import { leasePrecondition, type Lease } from '../ledger/lease';
import type { ItemRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import { noteRows, type ItemNote } from './note-rows';
import type { Reason } from './outcome';
import { unknownItem } from './person-commands';
import { lostRace, rowsOf } from './record';

/** A person may hold or move the item at the same time: read again so often. */
const TRIES = 5;

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
