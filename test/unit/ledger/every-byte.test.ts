import { writeFileSync } from 'node:fs';
import type { SqlJsStatic } from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { LedgerError } from '../../../extension/ledger/errors';
import { nodeFiles } from '../../../extension/ledger/files';
import { FIRST_HASH } from '../../../extension/ledger/line-format';
import { Replica } from '../../../extension/ledger/replica';
import { Segment } from '../../../extension/ledger/segment';
import { open, sqlJs } from './sample';
import { makeJournal, setSwitch } from './small-journal';

const NAMES = ['a', 'b', 'c', 'd'];

/** The names of the transactions that a reader accepts, or the code of what stops it. */
function readBytes(bytes: Buffer): string {
  const files = {
    ...nodeFiles,
    stat: () => ({ size: bytes.length, links: 1 }),
    read: (_fd: number, into: Uint8Array, position: number) => bytes.copy(into, 0, position),
  };
  const segment = new Segment(files, -1, 1, FIRST_HASH);
  let names = '';
  try {
    for (const line of segment.readLines()) {
      for (const { put } of line.group?.tx ?? []) names += String(put[0]?.[1]['name']);
      segment.accept(line);
    }
    return names;
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

/** For every length of the journal: what of it is complete. */
function completeAt(bytes: Buffer): (length: number) => string {
  const ends = NAMES.map((name) => bytes.indexOf('\n', bytes.indexOf(`"name":"${name}"`)) + 1);
  return (length) => NAMES.filter((_name, index) => length >= (ends[index] ?? Infinity)).join('');
}

describe('every byte', () => {
  it('flipped in any bit is never silent', async () => {
    const { bytes } = await makeJournal(NAMES);
    expect(readBytes(bytes)).toBe('abcd');
    // The last line attests the one before and holds nothing itself.
    const lastLine = bytes.lastIndexOf('\n', bytes.length - 2);
    const silent: string[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const seen = readBytes(bytes);
      if (seen !== 'damaged' && !(seen === 'abcd' && at >= lastLine)) silent.push(`${at}: ${seen}`);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    }
    expect(silent).toEqual([]);
  });

  it('cut off gives what was complete up to there; without its opening line it is no journal at all', async () => {
    const { bytes } = await makeJournal(NAMES);
    const complete = completeAt(bytes);
    const opening = bytes.indexOf('\n', 1) + 1;
    const wrong: string[] = [];
    for (let length = 0; length <= bytes.length; length++) {
      const seen = readBytes(bytes.subarray(0, length));
      if (seen !== (length < opening ? 'damaged' : complete(length))) wrong.push(`${length}: ${seen}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a journal', () => {
  let sql: SqlJsStatic;
  beforeAll(async () => {
    sql = await sqlJs();
  });

  async function look(directory: string): Promise<string> {
    const replica = await Replica.open({ directory, files: nodeFiles, sqlJs: sql, mode: 'read' });
    try {
      const names = replica.view.all('SELECT name FROM switches ORDER BY name').map(({ name }) => name);
      return replica.fault ? replica.fault.code : names.join('');
    } finally {
      replica.close();
    }
  }

  it('that was cut goes on: what was complete stays, and what comes is kept', async () => {
    const { directory, file, bytes } = await makeJournal(NAMES);
    const complete = completeAt(bytes);
    const opening = bytes.indexOf('\n', 1) + 1;
    const lengths = Array.from({ length: 12 }, (_, n) => opening + n * Math.floor((bytes.length - opening) / 12));
    // A line that lacks nothing but its newline counts once something follows it.
    const end = bytes.indexOf('\n', bytes.indexOf('"name":"b"'));
    for (const [length, revived] of [...lengths.map((at) => [at, ''] as const), [end, 'b'] as const]) {
      writeFileSync(file, bytes.subarray(0, length));
      const ledger = await open(directory, { sqlJs: () => Promise.resolve(sql) });
      expect(await ledger.commit(setSwitch('z'))).toMatchObject({ ok: true });
      await ledger.close();
      expect(await look(directory)).toBe(`${complete(length)}${revived}z`);
    }
  });

  it('that was flipped opens read-only', async () => {
    const { directory, file, bytes } = await makeJournal(NAMES);
    const lastLine = bytes.lastIndexOf('\n', bytes.length - 2);
    for (let at = 0; at < lastLine; at += 97) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      writeFileSync(file, copy);
      expect(await look(directory)).toBe('damaged');
    }
  });
});
