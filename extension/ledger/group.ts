import type { Cell } from './rows';

export const FORMAT_VERSION = 1;

export type RowImage = Record<string, Cell>;

export interface TransactionRecord {
  /** Id, random. */
  x: string;
  at: number;
  by: string;
  e: string;
  pre: [table: string, key: string, expected: RowImage | null][];
  put: [table: string, row: RowImage][];
  del: [table: string, key: string][];
}

export interface Group {
  v: typeof FORMAT_VERSION;
  /** Attestation: at this byte of the segment, a boundary known to be on disk, the rolling hash was this. */
  a: [byte: number, hash: string];
  tx: TransactionRecord[];
  /** Only in a segment's first line: the segment's number. */
  open?: number | undefined;
  /** The segment ends with this line; the number of the next one. */
  seal?: number | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const GROUP_KEYS: ReadonlySet<string> = new Set(['v', 'a', 'tx', 'open', 'seal']);
const TRANSACTION_KEYS: ReadonlySet<string> = new Set(['x', 'at', 'by', 'e', 'pre', 'put', 'del']);

/**
 * Where a parsed line is not what this version writes, or null if all of it is: no key more, none less, every value of its
 * type. Written out by hand, because every process does this with every line of every other.
 */
export function strangePlace(group: Json): string | null {
  const { v, a, tx, open, seal } = group;
  const key = strangeKey(group, GROUP_KEYS);
  if (key !== null) return key;
  if (v !== FORMAT_VERSION) return 'v';
  if (!isTuple(a, 2) || !isInteger(a[0]) || !isText(a[1])) return 'a';
  if (open !== undefined && !isInteger(open)) return 'open';
  if (seal !== undefined && !isInteger(seal)) return 'seal';
  if (!Array.isArray(tx)) return 'tx';
  for (let index = 0; index < tx.length; index++) {
    const place = strangeInTransaction(tx[index]);
    if (place !== null) return `tx.${index}.${place}`;
  }
  return null;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strangeInTransaction(transaction: unknown): string | null {
  if (!isObject(transaction)) return 'value';
  const { x, at, by, e, pre, put, del } = transaction;
  const key = strangeKey(transaction, TRANSACTION_KEYS);
  if (key !== null) return key;
  if (!isText(x)) return 'x';
  if (!isInteger(at)) return 'at';
  if (!isText(by)) return 'by';
  if (!isText(e)) return 'e';
  if (!Array.isArray(pre) || !pre.every(isPrecondition)) return 'pre';
  if (!Array.isArray(put) || !put.every(isPut)) return 'put';
  return Array.isArray(del) && del.every(isDelete) ? null : 'del';
}

function strangeKey(object: Json, known: ReadonlySet<string>): string | null {
  for (const key of Object.keys(object)) if (!known.has(key)) return key;
  return null;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isInteger = (value: unknown): boolean => Number.isSafeInteger(value);

function isTuple(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

function isPrecondition(value: unknown): boolean {
  return isTuple(value, 3) && isText(value[0]) && isText(value[1]) && (value[2] === null || isRow(value[2]));
}

function isPut(value: unknown): boolean {
  return isTuple(value, 2) && isText(value[0]) && isRow(value[1]);
}

function isDelete(value: unknown): boolean {
  return isTuple(value, 2) && isText(value[0]) && isText(value[1]);
}

function isRow(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const column of Object.keys(value)) {
    const cell = value[column];
    if (typeof cell !== 'string' && cell !== null && !isInteger(cell)) return false;
  }
  return true;
}
