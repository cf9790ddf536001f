import type { Transaction } from './ledger';
import type { RowImage, TransactionRecord } from './line-format';

/**
 * What goes into the journal for a transaction.
 * @throws TypeError for what no caller may ask: an unconditional write, or a cell that SQLite and JSON would not keep alike
 */
export function toRecord(id: string, transaction: Transaction): Omit<TransactionRecord, 'at'> {
  refuseUnconditional(transaction);
  return {
    x: id,
    by: plain(transaction.actor),
    e: plain(transaction.event),
    pre: transaction.pre.map(([table, key, expected]) => [
      table,
      plain(key),
      expected === null ? null : image(expected),
    ]),
    put: (transaction.put ?? []).map(([table, row]) => [table, image(row)]),
    del: (transaction.del ?? []).map(([table, key]) => [table, plain(key)]),
  };
}

/** Every stage write names the stage and the revision that it expects, every lease write the token (or that there is none). */
function refuseUnconditional({ pre, put = [], del = [] }: Transaction): void {
  if (pre.length === 0) throw new TypeError('a transaction without a precondition');
  const expectation = (table: string, key: string) => pre.find(([name, of]) => name === table && of === key)?.[2];
  for (const [table, row] of put) {
    if (table === 'items') requireNamed(table, expectation(table, row.id), ['stage', 'rev']);
    if (table === 'leases') requireNamed(table, expectation(table, row.item), ['token']);
  }
  for (const [table, key] of del) {
    if (table === 'items') requireNamed(table, expectation(table, key), ['stage', 'rev']);
    if (table === 'leases') requireNamed(table, expectation(table, key), ['token']);
  }
}

function requireNamed(table: string, expected: object | null | undefined, columns: readonly string[]): void {
  if (expected === null) return;
  if (expected === undefined || columns.some((column) => !Object.hasOwn(expected, column))) {
    throw new TypeError(`a write to ${table} without a precondition on ${columns.join(' and ')}`);
  }
}

function image(row: object): RowImage {
  const cells: RowImage = {};
  for (const [column, cell] of Object.entries(row) as [string, unknown][]) {
    if (typeof cell === 'string') cells[column] = plain(cell);
    else if (cell === null || Number.isSafeInteger(cell)) cells[column] = cell as number | null;
    else throw new TypeError(`${column} is ${String(cell)}: a cell is text, an integer or null`);
  }
  return cells;
}

const SUSPECT = /[\0\ud800-\udfff]/;

/** SQLite's text ends at NUL and UTF-8 has no lone surrogates: a suite's output may hold both. */
function plain(text: string): string {
  return SUSPECT.test(text) ? Buffer.from(text).toString().replaceAll('\0', '\ufffd') : text;
}
