import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isMusl, nativeFileName } from '../../../runner-host/shim/native-file';

const folder = mkdtempSync(join(tmpdir(), 'ilk-native-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test('each C library has a file of its own', () => {
  expect([
    nativeFileName('linux', 'x64', false),
    nativeFileName('linux', 'x64', true),
    nativeFileName('linux', 'arm64', false),
  ]).toEqual(['koffi-linux-x64.node', 'koffi-linux-x64-musl.node', 'koffi-linux-arm64.node']);
});

test('the C library is that of the program, not that of the machine', () => {
  const loader = (name: string) => Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(600), Buffer.from(`${name}\0`)]);
  expect(isMusl(program('glibc', loader('/lib64/ld-linux-x86-64.so.2')))).toBe(false);
  expect(isMusl(program('musl', loader('/lib/ld-musl-x86_64.so.1')))).toBe(true);
  expect(isMusl(program('empty', ''))).toBe(false);
  expect(isMusl(join(folder, 'missing'))).toBe(false);
});
