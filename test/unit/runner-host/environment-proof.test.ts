import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildEnvironment } from '../../../runner-host/supervisor/environment';
import { proveEnvironment } from '../../../runner-host/supervisor/environment-proof';

let folder: string;
let program: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ilk-environment-')));
  for (const name of ['tools', 'worktree', 'other']) mkdirSync(join(folder, name));
  program = tool('tools/run', '#!/bin/sh\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tool(path: string, text: string): string {
  const file = join(folder, path);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A run of its own each time: another folder for temporary files and another cookie. */
let runs = 0;
function environment(from: NodeJS.ProcessEnv = { PATH: '/bin' }, env: Record<string, string> = {}) {
  runs += 1;
  const passEnv = ['TOKEN'];
  return buildEnvironment({ from, passEnv, env, tmp: `/run/${runs}`, cookie: String(runs).padStart(32, '0') });
}
const prove = (env = environment(), path = program, worktree = 'worktree') =>
  proveEnvironment({ env, program: path, worktree: join(folder, worktree) });

test('two runs of the same item have the same hash, whatever their own folder and cookie', () => {
  expect(prove()).toEqual(prove());
  expect(prove().variables).toEqual(['CI', 'PATH']);
});

test.each([
  ['another value', { PATH: '/usr/bin' }, {}],
  ['another variable', { PATH: '/bin' }, { NODE_ENV: 'production' }],
  ['a value that moved to another name', { PATH: 'true' }, { CI: '/bin' }],
  ['another value of a secret', { PATH: '/bin', TOKEN: 'two' }, {}],
])('%s gives another hash', (_what, from, env) => {
  const base = 'TOKEN' in from ? { PATH: '/bin', TOKEN: 'one' } : { PATH: '/bin' };
  expect(prove(environment(from, env)).hash).not.toBe(prove(environment(base)).hash);
});

test('no value leaves it', () => {
  const proof = prove(environment({ PATH: '/bin', TOKEN: 'very-secret' }));
  expect(proof.variables).toContain('TOKEN');
  expect(JSON.stringify(proof)).not.toContain('very-secret');
});

test('a tool that was replaced in place, or that a link now leads elsewhere, gives another hash', () => {
  const before = prove();
  tool('tools/run', '#!/bin/sh\n# a newer version\n');
  expect(prove().hash).not.toBe(before.hash);

  const link = join(folder, 'link');
  symlinkSync(tool('other/v1', '1'), link);
  const first = prove(environment(), link);
  expect(first.program).toBe(join(folder, 'other/v1'));
  rmSync(link);
  symlinkSync(tool('other/v2', '2'), link);
  expect(prove(environment(), link).hash).not.toBe(first.hash);
});

test("a program of the worktree is known by its tree: another worktree's copy has the same hash", () => {
  const here = prove(environment(), tool('worktree/check.sh', '1'));
  expect(here.program).toBe('check.sh');
  expect(prove(environment(), tool('other/check.sh', '1'), 'other').hash).toBe(here.hash);
});
