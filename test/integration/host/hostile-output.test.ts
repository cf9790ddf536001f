import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import { testResult } from '../../../runner-host/protocol/runs';
import { watchMemory } from './host-memory';
import { openHostRig, type HostRig } from './host-rig';

const CAP = 64 * 1024 * 1024;
const HEAD = 48 * 1024 * 1024;
/** What the host may take more while it handles any amount of output. */
const MOST_MB = 32;
let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
  mkdirSync(join(rig.worktree, 'ignored'), { recursive: true });
});
afterAll(() => rig.close());

const log = (run: string): Buffer => readFileSync(rig.runFile(run, 'output.log'));

/** Runs a command without reading its output. */
async function runUnread(command: string | string[]): Promise<{ run: string; result: TestRunResult }> {
  const spec = rig.spec(command, { timeoutMs: 120_000 });
  await rig.host.request('run/start', { spec });
  const quiet = { output: () => undefined, step: () => undefined };
  const { result } = await rig.host.follow(spec.run, Number.MAX_SAFE_INTEGER, quiet);
  if (result === null) throw new Error('finished without a result');
  return { run: spec.run, result: testResult(result) };
}

describe('a flood without a line feed', () => {
  test.each([100, 1000])('of %i MB keeps head and tail, and costs no memory', async (megabytes) => {
    await rig.run(rig.spec('true'));
    const memory = watchMemory(rig.record().identity.pid);
    const bytes = megabytes * 1_000_000;
    const { run, result } = await runUnread(`head -c ${bytes - 10} /dev/zero | tr '\\0' x; printf 0123456789`);
    const dropped = bytes - CAP;
    expect(result).toMatchObject({
      status: 'suite-ran',
      supervision: { exitCode: 0, outputBytes: bytes, outputDropped: dropped },
    });
    const marker = `\n[${dropped} bytes of output are not kept]\n`;
    const kept = log(run);
    expect(kept.length).toBe(CAP + marker.length);
    expect(kept.subarray(HEAD, HEAD + marker.length).toString()).toBe(marker);
    expect(kept.subarray(-11).toString()).toBe('x0123456789');
    expect(memory.grownMb()).toBeLessThan(MOST_MB);
    expect(statSync(rig.runFile(run, 'output.log.tail'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

test('an output that pours does not wait for who watches: he is shown less of it, but head, tail and cut', async () => {
  const bytes = 400_000_000;
  const spec = rig.spec(`head -c ${bytes} /dev/zero | tr '\\0' x; printf end`, { timeoutMs: 120_000 });
  await rig.host.request('run/start', { spec });
  const seen = { bytes: 0, next: 0, last: '' };
  const { result } = await rig.host.follow(spec.run, 0, {
    output: ({ offset, next, text }) => {
      expect(offset).toBe(seen.next);
      Object.assign(seen, { bytes: seen.bytes + text.length, next, last: text });
    },
    step: () => undefined,
  });
  expect(result).toMatchObject({ supervision: { exitCode: 0, outputBytes: bytes + 3 } });
  expect(seen).toMatchObject({ next: bytes + 3, last: expect.stringMatching(/end$/) });
  expect(seen.bytes).toBeGreaterThanOrEqual(CAP);
  expect(seen.bytes).toBeLessThan(bytes * 0.75);
});

describe('bytes that are no text', () => {
  const escapes = '\u001b]0;title\u0007\u001b[2J\u001b[31mred\u001b[0m\r\b\u0000\u0000\u0085';
  const samples: Record<string, Buffer> = {
    'escape sequences and NULs': Buffer.from(escapes.repeat(20_000)),
    'continuing bytes without a beginning': Buffer.alloc(300_000, 0x80),
    'beginnings without an end': Buffer.alloc(300_000, 0xf0),
    noise: randomBytes(1_000_000),
    'characters of 2, 3 and 4 bytes': Buffer.from('é€😀x'.repeat(60_000)),
  };

  test.each(Object.entries(samples))('%s arrive as they are', async (_name, bytes) => {
    writeFileSync(join(rig.worktree, 'ignored/bytes'), bytes);
    const spec = rig.spec('cat ignored/bytes');
    const { output } = await rig.run(spec);
    expect(log(spec.run).equals(bytes)).toBe(true);
    expect(output === bytes.toString('utf8')).toBe(true);
  });

  test('a character that comes byte by byte is whole', async () => {
    const program = `const { writeSync } = require('node:fs');
      for (const byte of Buffer.from('é€😀'.repeat(50))) writeSync(1, Buffer.of(byte));`;
    expect((await rig.run(rig.spec([process.execPath, '-e', program]))).output).toBe('é€😀'.repeat(50));
  });
});

test('streams that alternate byte by byte lose none and mix none up', async () => {
  const program = `const { writeSync } = require('node:fs');
    for (let i = 0; i < 9000; i += 1) { writeSync(1, 'o'); writeSync(2, 'e'); }`;
  const spec = rig.spec([process.execPath, '-e', program]);
  await rig.host.request('run/start', { spec });
  const texts = { stdout: '', stderr: '' };
  let next = 0;
  await rig.host.follow(spec.run, 0, {
    output: (piece) => {
      expect(piece.offset).toBe(next);
      next = piece.next;
      texts[piece.stream] += piece.text;
    },
    step: () => undefined,
  });
  expect(texts).toEqual({ stdout: 'o'.repeat(9000), stderr: 'e'.repeat(9000) });
  expect(next).toBe(18_000);
});
