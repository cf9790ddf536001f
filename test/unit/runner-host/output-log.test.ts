import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputLog } from '../../../runner-host/output/output-log';
import type { OutputSource, Piece } from '../../../runner-host/output/output-source';
import { StoredOutput } from '../../../runner-host/output/stored-output';
import { incompleteTail } from '../../../runner-host/output/utf8';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function readAll(source: OutputSource, from: number, max: number): Piece[] {
  const pieces: Piece[] = [];
  for (let piece = source.read(from, max); piece !== null; piece = source.read(piece.next, max)) pieces.push(piece);
  return pieces;
}
const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

test('whatever is written in whatever pieces is read back, as text, from its streams, in its order', () => {
  const chunk = fc.tuple(
    fc.constantFrom('stdout' as const, 'stderr' as const),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), fc.integer({ min: 4, max: 50 }), (chunks, max) => {
      const path = join(folder, 'output.log');
      const log = new OutputLog(path, 1024 * 1024);
      for (const [stream, text] of chunks) log.write(stream, Buffer.from(text));
      const map = log.finish();
      const live = readAll(log, 0, max);
      const stored = new StoredOutput(path, map, false);
      expect(readAll(stored, 0, max)).toEqual(live);
      stored.close();
      log.close();
      for (const stream of ['stdout', 'stderr'] as const) {
        const written = chunks.filter(([name]) => name === stream).map(([, text]) => text);
        expect(textOf(live.filter((piece) => piece.stream === stream))).toBe(written.join(''));
      }
    }),
    { numRuns: 60 },
  );
});

test('bytes that are no text are read back as any decoder would show them, however the pieces are cut', () => {
  const nearlyText = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xe2, 0xf0, 0xff), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(nearlyText, { maxLength: 6 }), fc.integer({ min: 4, max: 20 }), (chunks, max) => {
      const path = join(folder, 'output.log');
      const log = new OutputLog(path, 1024 * 1024);
      for (const bytes of chunks) log.write('stdout', Buffer.from(bytes));
      const stored = new StoredOutput(path, log.finish(), false);
      const text = Buffer.from(chunks.flat()).toString('utf8');
      expect([textOf(readAll(log, 0, max)), textOf(readAll(stored, 0, max))]).toEqual([text, text]);
      stored.close();
      log.close();
    }),
    { numRuns: 300 },
  );
});

test('changes of the stream without end are forgotten at some point, but no byte is', () => {
  const path = join(folder, 'output.log');
  const log = new OutputLog(path, 1024 * 1024);
  for (let index = 0; index < 30_000; index += 1) log.write(index % 2 === 0 ? 'stdout' : 'stderr', Buffer.from('x'));
  const map = log.finish();
  expect(map.segments.starts.length).toBeLessThanOrEqual(20_000);
  expect(textOf(readAll(log, 0, 64))).toBe('x'.repeat(30_000));
  log.close();
});

test('a character whose bytes come apart is put together, also with the other stream between them', () => {
  const log = new OutputLog(join(folder, 'output.log'), 1024);
  const [first, rest] = [Buffer.from('€').subarray(0, 1), Buffer.from('€').subarray(1)];
  log.write('stdout', first);
  expect(log.read(0, 100)).toBeNull();
  log.write('stderr', Buffer.from('x'));
  log.write('stdout', rest);
  expect(readAll(log, 0, 100).map(({ stream, text }) => [stream, text])).toEqual([
    ['stderr', 'x'],
    ['stdout', '€'],
  ]);
  log.close();
});

test('whoever begins within a character, the last one too, begins after it', () => {
  const log = new OutputLog(join(folder, 'output.log'), 1024);
  log.write('stdout', Buffer.from('é€😀'));
  const rests = ['é€😀', '€😀', '€😀', '😀', '😀', '😀', '', '', ''];
  expect(rests.map((_, from) => textOf(readAll(log, from, 100)))).toEqual(rests);
  expect(log.read(8, 100)).toMatchObject({ offset: 8, next: 9 });
  log.close();
});

test('what never becomes a character is not waited for', () => {
  const log = new OutputLog(join(folder, 'output.log'), 1024);
  log.write('stdout', Buffer.of(0xe2, 0x82));
  log.finish();
  expect(textOf(readAll(log, 0, 1))).toMatch(/^\ufffd+$/);
  log.close();
});

describe('beyond its cap a log keeps head and tail', () => {
  const CAP = 1000;
  const write = (log: OutputLog, lines: number): string => {
    const all = Array.from({ length: lines }, (_, index) => `line ${String(index).padStart(6, '0')}\n`).join('');
    for (let at = 0; at < all.length; at += 137) log.write('stdout', Buffer.from(all.slice(at, at + 137)));
    return all;
  };

  test.each([83, 84, 100, 500, 5000])('%i lines', (lines) => {
    const path = join(folder, 'output.log');
    const log = new OutputLog(path, CAP);
    const all = write(log, lines);
    const dropped = Math.max(0, all.length - CAP);
    const kept =
      dropped === 0 ? all : `${all.slice(0, 750)}\n[${dropped} bytes of output are not kept]\n${all.slice(-250)}`;
    expect(textOf(readAll(log, 0, 64))).toBe(kept);
    const map = log.finish();
    expect(map).toMatchObject({ total: all.length, dropped });
    expect(readFileSync(path, 'utf8')).toBe(kept);
    expect(textOf(readAll(log, 0, 64))).toBe(kept);
    expect(textOf(readAll(log, all.length - 20, 64))).toBe(all.slice(-20));
    const stored = new StoredOutput(path, map, false);
    expect(textOf(readAll(stored, 0, 64))).toBe(kept);
    expect(textOf(readAll(stored, all.length - 20, 64))).toBe(all.slice(-20));
    stored.close();
    log.close();
  });

  test('a reader that follows sees everything, and nothing twice, while the middle is overwritten', () => {
    const log = new OutputLog(join(folder, 'output.log'), CAP);
    let next = 0;
    let seen = '';
    let all = '';
    for (let index = 0; index < 2000; index += 1) {
      const line = `line ${index}\n`;
      all += line;
      log.write(index % 3 === 0 ? 'stderr' : 'stdout', Buffer.from(line));
      for (const piece of readAll(log, next, 64)) {
        expect(piece.offset).toBe(next);
        seen += piece.text;
        next = piece.next;
      }
    }
    expect(seen).toBe(all);
    log.close();
  });
});

test('a full disk is an error of the write that met it', () => {
  const log = new OutputLog('/dev/full', 1024);
  expect(() => log.write('stdout', Buffer.from('x'))).toThrow(/ENOSPC/);
  log.close();
});

test('the incomplete end of a text is exactly what its last character lacks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = Buffer.from(text);
      expect(incompleteTail(bytes)).toBe(0);
      for (let cut = 1; cut < Math.min(4, bytes.length); cut += 1) {
        const head = bytes.subarray(0, bytes.length - cut);
        const whole = head.subarray(0, head.length - incompleteTail(head));
        expect(Buffer.from(text).indexOf(whole)).toBe(0);
        expect(whole.toString('utf8')).not.toContain('\ufffd');
      }
    }),
  );
});
