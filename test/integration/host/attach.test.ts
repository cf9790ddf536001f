import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunListener } from '../../../extension/pipeline/ports';
import { openHostRig, until, type HostRig } from './host-rig';

const CHUNKS = 60;
let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

/** What a run has written when it is over: its chunks are cut anywhere, also within characters. */
function textOf(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, n) => `${n} é€😀\n`.repeat(40)).join(''));
}

/** Writes `textOf(CHUNKS)` in pieces of 997 bytes, each after a short pause, once `ignored/go` is there. */
const WRITER = `const { existsSync, writeSync } = require('node:fs');
  const all = Buffer.from(Array.from({ length: ${CHUNKS} }, (_, n) => (n + ' é€😀\\n').repeat(40)).join(''));
  const write = (at) => {
    if (at >= all.length) return;
    writeSync(1, all.subarray(at, at + 997));
    setTimeout(write, 10, at + 997);
  };
  const wait = () => existsSync('ignored/go') ? write(0) : setTimeout(wait, 5);
  wait();`;

/** What a client that attaches at `from` is to see: the bytes from there on, without the rest of a character begun before. */
function expected(all: Buffer, from: number): string {
  let start = Math.min(from, all.length);
  while (start < all.length && ((all[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return all.toString('utf8', start);
}

async function follow(run: string, from: number, afterMs: number): Promise<{ text: string; gaps: number }> {
  await sleep(afterMs);
  const seen = { text: '', gaps: 0 };
  let next: number | undefined;
  const listener: RunListener = {
    output: (piece) => {
      if (piece.offset !== (next ?? from)) seen.gaps += 1;
      next = piece.next;
      seen.text += piece.text;
    },
    step: () => undefined,
  };
  await rig.host.follow(run, from, listener);
  return seen;
}

test('whoever attaches, whenever and wherever, gets the whole rest once', async () => {
  const all = textOf(CHUNKS);
  const spec = rig.spec([process.execPath, '-e', WRITER]);
  await rig.host.request('run/start', { spec });
  const clients = fc.sample(fc.tuple(fc.nat(all.length + 100), fc.nat(900)), 25);
  clients.push([0, 0], [0, 400], [all.length, 0], [1, 300]);
  const following = clients.map(([from, afterMs]) => follow(spec.run, from, afterMs));
  rig.write('ignored/go', '');
  const seen = await Promise.all(following);
  for (const [index, { text, gaps }] of seen.entries()) {
    const [from = 0, afterMs] = clients[index] ?? [];
    const client = `the client that attached at ${from} after ${afterMs} ms`;
    expect(text === expected(all, from), client).toBe(true);
    expect(gaps, client).toBe(0);
  }
});

test('attaching again on the same connection starts over where it is told to', async () => {
  const spec = rig.spec('printf 0123456789; while ! test -f ignored/again; do sleep 0.02; done; printf abc');
  await rig.host.request('run/start', { spec });
  const texts = ['', ''];
  const followed = texts.map((_text, index) =>
    rig.host.follow(spec.run, index * 4, {
      output: ({ text }) => void (texts[index] += text),
      step: () => undefined,
    }),
  );
  await until(() => texts[0] === '0123456789' && texts[1] === '456789', 'both clients to catch up');
  rig.write('ignored/again', '');
  await Promise.all(followed);
  expect(texts).toEqual(['0123456789abc', '456789abc']);
});
