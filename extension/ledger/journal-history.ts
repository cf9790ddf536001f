import { ActCollector } from './acts';
import type { LedgerError } from './errors';
import type { LedgerAct, VerifyFinding } from './ledger';
import { Replica, type ReplicaOptions } from './replica';
import type { TransitionRow } from './rows';
import type { View } from './view';

type OnTransaction = NonNullable<ReplicaOptions['onTransaction']>;

/**
 * The history of one item or of all, oldest first, as the whole journal gives it: what has left the view too.
 * @throws LedgerError if the journal cannot be read to its end
 */
export async function readHistory(options: ReplicaOptions, item?: string): Promise<TransitionRow[]> {
  const rows = new Map<string, TransitionRow>();
  const onTransaction = eachStep((row) => {
    if (item === undefined || row.item === item) rows.set(row.id, row);
  });
  const replica = await Replica.open({ ...options, onTransaction });
  const { fault } = replica;
  replica.close();
  if (fault) throw fault;
  return [...rows.values()].sort(
    (a, b) => (item === undefined && a.at - b.at) || compare(a.item, b.item) || a.rev - b.rev,
  );
}

/** What was done besides moving items on, oldest first, and why the journal could not be read to its end, if so. */
export async function readActs(
  options: ReplicaOptions,
  item?: string,
): Promise<{ acts: LedgerAct[]; fault: LedgerError | undefined }> {
  const { acts, onTransaction } = new ActCollector();
  const replica = await Replica.open({ ...options, onTransaction });
  const { fault } = replica;
  replica.close();
  return { acts: acts.filter((act) => item === undefined || act.item === item), fault };
}

/** Counts the steps of every item while a journal is replayed, to check what the view no longer holds. */
export class StepCount {
  private readonly steps = new Map<string, number>();

  readonly onTransaction = eachStep(({ item, rev }) => {
    if (rev === this.of(item) + 1) this.steps.set(item, rev);
  });

  /** Archived items whose steps in the journal do not lead to their revision without a gap. */
  findings(view: View): VerifyFinding[] {
    return view
      .all('SELECT id, items.rev FROM archives JOIN items ON id = item ORDER BY id')
      .map(({ id, rev }) => ({ id: String(id), rev: Number(rev) }))
      .filter(({ id, rev }) => this.of(id) !== rev)
      .map(({ id, rev }) => ({
        code: 'history-count',
        where: `archives ${id}`,
        text: `revision ${rev}, but ${this.of(id)} transitions in the journal`,
      }));
  }

  private of(item: string): number {
    return this.steps.get(item) ?? 0;
  }
}

function eachStep(note: (row: TransitionRow) => void): OnTransaction {
  return ({ put }, conflict) => {
    if (conflict) return;
    // A row that was applied fits its table.
    for (const [table, row] of put) if (table === 'transitions') note(row as unknown as TransitionRow);
  };
}

/** By code units, as SQLite orders the ids that Interlock gives. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
