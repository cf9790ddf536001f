import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMusl, nativeFileName } from '../../../runner-host/shim/native-file';
import { openNativePart } from '../../../runner-host/shim/native-part';

let root: string;
let bundles: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ilk-native-'));
  bundles = join(root, 'dist');
  folder = join(root, 'private');
  for (const path of [bundles, folder]) mkdirSync(path);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const packed = () => join(bundles, `${nativeFileName(process.platform, process.arch, isMusl())}.br`);
const pack = (text: string) => writeFileSync(packed(), brotliCompressSync(Buffer.from(text)));
const lines: string[] = [];
const open = () => openNativePart(bundles, folder, (line) => void lines.push(line));

test('is unpacked beside the bundles, once', () => {
  pack('native');
  const path = open();
  expect(dirname(path ?? '')).toBe(bundles);
  expect(readFileSync(path ?? '', 'utf8')).toBe('native');
  writeFileSync(path ?? '', 'the one that is there');
  expect(open()).toBe(path);
  expect(readFileSync(path ?? '', 'utf8')).toBe('the one that is there');
});

test('another version of it is another file', () => {
  pack('one');
  const one = open();
  pack('two');
  expect(readFileSync(open() ?? '', 'utf8')).toBe('two');
  expect(readFileSync(one ?? '', 'utf8')).toBe('one');
});

test('goes into the private folder where the bundles are not to be written', () => {
  pack('native');
  const name = open() ?? '';
  rmSync(name);
  // A folder in its place can't be written by anybody, whoever runs this test.
  mkdirSync(`${name}.${process.pid}`);
  chmodSync(bundles, 0o500);
  const path = open();
  chmodSync(bundles, 0o700);
  expect(dirname(path ?? '')).toBe(folder);
  expect(readFileSync(path ?? '', 'utf8')).toBe('native');
});

test('that is missing or damaged is none, and nothing half is left', () => {
  expect(open()).toBeNull();
  writeFileSync(packed(), 'damaged');
  expect(open()).toBeNull();
  expect(lines.join('\n')).toContain('.node');
  expect([...readdirSync(folder), ...readdirSync(bundles)]).toHaveLength(1);
});
