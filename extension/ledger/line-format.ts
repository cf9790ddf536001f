import { hash } from 'node:crypto';
import { damaged, newerFormat } from './failures';
import { FORMAT_VERSION, isObject, strangePlace, type Group } from './group';

export { FORMAT_VERSION } from './group';
export type { Group, RowImage, TransactionRecord } from './group';

/** The rolling hash before the first byte of the first segment. */
export const FIRST_HASH = '0'.repeat(32);

const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH_LENGTH = 32;

const shortHash = (data: string | Uint8Array): string => hash('sha256', data).slice(0, HASH_LENGTH);

/**
 * The rolling hash after one more line.
 * @param line the line's bytes with its newline; blank and garbage lines count like any other
 */
export function rollHash(before: string, line: Uint8Array): string {
  const bytes = Buffer.allocUnsafe(HASH_LENGTH + line.length);
  bytes.write(before, 'latin1');
  bytes.set(line, HASH_LENGTH);
  return shortHash(bytes);
}

/** The bytes of one group: a leading newline that ends what a dead writer may have left, hash, JSON, newline. */
export function encodeLine(group: Group): Buffer {
  const json = JSON.stringify(group);
  const start = 1 + HASH_LENGTH + 1;
  const line = Buffer.allocUnsafe(start + Buffer.byteLength(json) + 1);
  line.write(json, start);
  line[0] = line[line.length - 1] = NEWLINE;
  line[start - 1] = SPACE;
  line.write(shortHash(line.subarray(start, -1)), 1, 'latin1');
  return line;
}

/** @param line without its newline. @returns null for a blank line; `garbage` if the hash is not that of the text. */
export function decodeLine(line: Buffer): { json: string } | 'garbage' | null {
  if (line.length === 0) return null;
  if (line.length <= HASH_LENGTH || line[HASH_LENGTH] !== SPACE) return 'garbage';
  const json = line.subarray(HASH_LENGTH + 1);
  return line.toString('latin1', 0, HASH_LENGTH) === shortHash(json) ? { json: json.toString('utf8') } : 'garbage';
}

/**
 * @param where for the error: file and byte
 * @throws LedgerError `newer-format` for what this version does not know, `damaged` for what no version writes
 */
export function parseGroup(json: string, where: string): Group {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw damaged(where, 'the line is whole but holds no JSON');
  }
  if (!isObject(value) || !Number.isSafeInteger(value['v'])) throw damaged(where, 'the line has no format version');
  if (value['v'] !== FORMAT_VERSION)
    throw newerFormat(where, `format ${String(value['v'])}, this version knows ${FORMAT_VERSION}`);
  const place = strangePlace(value);
  if (place !== null) throw newerFormat(where, `unknown content at ${place}`);
  return value as unknown as Group;
}

/** Splits off the complete lines; each with its newline. What follows the last newline is not returned. */
export function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
    lines.push(bytes.subarray(from, end + 1));
    from = end + 1;
  }
  return lines;
}
