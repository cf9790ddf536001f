import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReader } from '../../../runner-host/output/open-reader';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-reader-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openFifo(): { read: number; write: number } {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { read, write: openSync(path, constants.O_WRONLY) };
}

test('what came before anybody listened is not lost, and what follows comes in order up to the end', async () => {
  const { read, write } = openFifo();
  const reader = openReader(read);
  writeSync(write, 'early ');
  await sleep(20);
  let text = '';
  const closed = new Promise<void>((resolve) => reader.once('close', () => resolve()));
  reader.on('data', (chunk: Buffer) => (text += chunk.toString()));
  for (const word of ['one ', 'two ', 'three']) {
    writeSync(write, word);
    await sleep(5);
  }
  closeSync(write);
  await closed;
  expect(text).toBe('early one two three');
});

test('every event shows the same memory', async () => {
  const { read, write } = openFifo();
  const reader = openReader(read);
  const memory = new Set<ArrayBufferLike>();
  const closed = new Promise<void>((resolve) => reader.once('close', () => resolve()));
  reader.on('data', (chunk: Buffer) => memory.add(chunk.buffer));
  for (let count = 0; count < 5; count += 1) {
    writeSync(write, Buffer.alloc(1000));
    await sleep(5);
  }
  closeSync(write);
  await closed;
  expect(memory.size).toBe(1);
});
