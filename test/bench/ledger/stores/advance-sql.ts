import type { Cell, ItemRow } from '../../../../extension/ledger/rows';
import { advanceRows } from '../rows';

/** What both kinds of SQLite have in common. */
export interface SqlConnection {
  exec(sql: string): unknown;
  /** Returns how many rows were changed. */
  run(sql: string, values: readonly Cell[]): number;
  row(sql: string, values: readonly Cell[]): object | undefined;
}

/** The same transaction as the ledger's, by compare-and-swap on stage and revision. Returns whether this process won. */
export function advanceBySql(connection: SqlConnection, id: string, run: string, begin: string): boolean {
  const seen = readItem(connection, id);
  const { item, transition, verdict } = advanceRows(seen, run);
  connection.exec(begin);
  try {
    const changed = connection.run(
      'UPDATE items SET stage = ?, rev = ?, since = ?, reason_code = ?, reason = ? WHERE id = ? AND stage = ? AND rev = ?',
      [item.stage, item.rev, item.since, item.reason_code, item.reason, id, seen.stage, seen.rev],
    );
    if (changed === 1) {
      insert(connection, 'transitions', transition);
      insert(connection, 'verdicts', verdict);
    }
    connection.exec(changed === 1 ? 'COMMIT' : 'ROLLBACK');
    return changed === 1;
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
}

export function insert(connection: SqlConnection, table: string, row: object): void {
  const cells = Object.values(row) as Cell[];
  connection.run(`INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${cells.map(() => '?').join()})`, cells);
}

export function readItem(connection: SqlConnection, id: string): ItemRow {
  const row = connection.row('SELECT * FROM items WHERE id = ?', [id]);
  if (!row) throw new Error(`there is no ${id}`);
  return row as ItemRow;
}
