import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastLines, outside } from '../../../extension/cli/real-world';
import { git } from '../rig/git';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'interlock world '))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the tail of a log is its last lines, made harmless', async () => {
  const file = join(folder, 'output.log');
  writeFileSync(file, `${'early\n'.repeat(100_000)}one\r\n\n\u001b[31mtwo\u001b[0m\nlast without an end`);
  expect(await lastLines(file, 3)).toEqual(['one', 'two', 'last without an end']);
  expect(await lastLines(file, 50)).toHaveLength(50);
});

test('a tail that begins in the middle of a line leaves that line out', async () => {
  const file = join(folder, 'output.log');
  writeFileSync(file, `${'x'.repeat(200_000)}\nend\n`);
  expect(await lastLines(file, 10)).toEqual(['end']);
});

test('a log that is gone has no tail', async () => {
  expect(await lastLines(join(folder, 'none.log'), 3)).toEqual([]);
});

test('the actor is the name that commits have, else the name of the user', async () => {
  git(folder, 'init', '--quiet');
  git(folder, 'config', 'user.name', 'Ann\u001b[31m Lee');
  expect(await outside.actor(folder)).toBe('cli:Ann Lee');
  git(folder, 'config', 'user.name', '');
  expect(await outside.actor(folder)).toBe(`cli:${userInfo().username}`);
});
