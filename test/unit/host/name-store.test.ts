import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nameStore } from '../../../extension/host/name-store';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const list = (name: string) => ({ executed: [{ suite: 's', name }], skipped: [] });

it('gives back what was kept, and the same list is kept once', async () => {
  const store = nameStore(folder);
  const hash = await store.keep(list('a'));
  expect(await store.keep(list('a'))).toBe(hash);
  expect(readdirSync(join(folder, 'names'))).toEqual([`${hash}.json`]);
  expect(await store.read(hash)).toEqual(list('a'));
});

it('believes no list whose bytes are not those that were kept', async () => {
  const store = nameStore(folder);
  const hash = await store.keep(list('a'));
  writeFileSync(join(folder, 'names', `${hash}.json`), JSON.stringify(list('b')));
  expect(await store.read(hash)).toBeNull();
  expect(await store.read('0'.repeat(64))).toBeNull();
});

it('lets the least recently kept go', async () => {
  const store = nameStore(folder, 2);
  const [a, b] = [await store.keep(list('a')), await store.keep(list('b'))];
  for (const [hash, at] of [
    [a, 1],
    [b, 2],
  ] as const)
    utimesSync(join(folder, 'names', `${hash}.json`), at, at);
  await store.keep(list('a'));
  await store.keep(list('c'));
  expect(await store.read(a)).toEqual(list('a'));
  expect(await store.read(b)).toBeNull();
});

it('knows no cases of a run that has no folder', async () => {
  expect(await nameStore(folder).casesOf('r0000000a-00000001')).toBeNull();
});
