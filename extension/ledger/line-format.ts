import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { damaged, newerFormat } from './failures';

export const FORMAT_VERSION = 1;
/** The rolling hash before the first byte of the first segment. */
export const FIRST_HASH = '0'.repeat(32);

const Cell = z.union([z.string(), z.int(), z.null()]);
const RowImage = z.record(z.string(), Cell);
export type RowImage = z.infer<typeof RowImage>;

const TransactionRecord = z.strictObject({
  /** Id, random. */
  x: z.string(),
  at: z.int(),
  by: z.string(),
  e: z.string(),
  pre: z.array(z.tuple([z.string(), z.string(), z.nullable(RowImage)])),
  put: z.array(z.tuple([z.string(), RowImage])),
  del: z.array(z.tuple([z.string(), z.string()])),
});
export type TransactionRecord = z.infer<typeof TransactionRecord>;

const Group = z.strictObject({
  v: z.literal(FORMAT_VERSION),
  /** Attestation: at this byte of the segment, a boundary known to be on disk, the rolling hash was this. */
  a: z.tuple([z.int(), z.string()]),
  tx: z.array(TransactionRecord),
  /** Only in a segment's first line: the segment's number. */
  open: z.optional(z.int()),
  /** The segment ends with this line; the number of the next one. */
  seal: z.optional(z.int()),
});
export type Group = z.infer<typeof Group>;
const Versioned = z.object({ v: z.int() });

const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH_LENGTH = 32;

const shortHash = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, HASH_LENGTH);
};

/**
 * The rolling hash after one more line.
 * @param line the line's bytes with its newline; blank and garbage lines count like any other
 */
export function rollHash(hash: string, line: Uint8Array): string {
  return shortHash(hash, line);
}

/** The bytes of one group: a leading newline that ends what a dead writer may have left, hash, JSON, newline. */
export function encodeLine(group: Group): Buffer {
  const json = JSON.stringify(group);
  return Buffer.from(`\n${shortHash(json)} ${json}\n`);
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
  const version = Versioned.safeParse(value);
  if (!version.success) throw damaged(where, 'the line has no format version');
  if (version.data.v !== FORMAT_VERSION)
    throw newerFormat(where, `format ${version.data.v}, this version knows ${FORMAT_VERSION}`);
  const group = Group.safeParse(value);
  if (!group.success) {
    const issue = group.error.issues[0];
    throw newerFormat(where, `unknown content at ${issue?.path.join('.') ?? ''} (${issue?.message ?? ''})`);
  }
  return group.data;
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
