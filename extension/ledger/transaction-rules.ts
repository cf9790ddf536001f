import type { Transaction } from './ledger';
import type { RowImage, TransactionRecord } from './line-format';

/**
 * What goes into the journal for a transaction.
 * @throws TypeError for what no caller may ask: an unconditional write, or a cell that SQLite and JSON would not keep alike
 */
export function toRecord(id: string, transaction: Transaction): Omit<TransactionRecord, 'at'> {
  refuseUnconditional(transaction);
  const record = build(id, transaction, (text) => text);
  // Asked of all the text at once: what is looked for is rare, and JSON writes it as an escape.
  return SUSPECT.test(JSON.stringify(record)) ? build(id, transaction, plain) : record;
}

type Cleaner = (text: string) => string;

function build(id: string, transaction: Transaction, clean: Cleaner): Omit<TransactionRecord, 'at'> {
  return {
    x: id,
    by: clean(transaction.actor),
    e: clean(transaction.event),
    pre: transaction.pre.map(([table, key, expected]) => [
      table,
      clean(key),
      expected === null ? null : image(expected, clean),
    ]),
    put: (transaction.put ?? []).map(([table, row]) => [table, image(row, clean)]),
    del: (transaction.del ?? []).map(([table, key]) => [table, clean(key)]),
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

function image(row: object, clean: Cleaner): RowImage {
  const cells: RowImage = {};
  for (const column of Object.keys(row)) {
    const cell = (row as Readonly<Record<string, unknown>>)[column];
    if (typeof cell === 'string') cells[column] = clean(cell);
    else if (cell === null || Number.isSafeInteger(cell)) cells[column] = cell as number | null;
    else throw new TypeError(`${column} is ${String(cell)}: a cell is text, an integer or null`);
  }
  return cells;
}

/** NUL and lone surrogates, as JSON.stringify writes them. */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** SQLite's text ends at NUL and UTF-8 has no lone surrogates: a suite's output may hold both. */
function plain(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\ufffd');
}
