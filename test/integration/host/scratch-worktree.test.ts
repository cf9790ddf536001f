import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { scratchPath } from '../../../runner-host/runners/scratch-worktree';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { newestRecord, newMark, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

const git = (...args: string[]): string => execFileSync('git', args, { cwd: rig.worktree, encoding: 'utf8' }).trim();

/** A run on the given commit, in a worktree of its own. */
function onCommit(command: string, head: string, more: Partial<TestRunSpec> = {}): TestRunSpec {
  const spec = rig.spec(command, { head, scratch: { from: rig.worktree }, ...more });
  return { ...spec, worktree: scratchPath(rig.worktree, spec.run) };
}

test('the command sees the commit that is asked for, on no branch, and nothing of it stays', async () => {
  const old = rig.head;
  rig.commit({ 'code.txt': 'two\n' });
  const spec = onCommit('cat code.txt; pwd; git status --short --branch', old);
  const { result, output } = await rig.run(spec);
  expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0 }, tree: { head: old } });
  expect(output).toBe(`one\n${spec.worktree}\n## HEAD (no branch)\n`);
  expect(existsSync(spec.worktree)).toBe(false);
  expect(git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(readFileSync(join(rig.worktree, 'code.txt'), 'utf8')).toBe('two\n');
});

test('no hook of the repository runs when the worktree is made', async () => {
  const hook = join(rig.worktree, '.git/hooks/post-checkout');
  writeFileSync(hook, `#!/bin/sh\ntouch "${rig.stateDir}/hooked"\n`, { mode: 0o755 });
  const { result } = await rig.run(onCommit('true', rig.head));
  rmSync(hook);
  expect(result.status).toBe('suite-ran');
  expect(existsSync(join(rig.stateDir, 'hooked'))).toBe(false);
});

test('installed packages are borrowed; a workspace among them is the commit’s own code', async () => {
  rig.commit({ '.gitignore': 'ignored/\nnode_modules/\n', 'packages/sums/index.js': 'old\n' });
  const old = rig.head;
  rig.commit({ 'packages/sums/index.js': 'new\n' });
  for (const folder of ['left/', '@scope/']) mkdirSync(join(rig.worktree, 'node_modules', folder), { recursive: true });
  writeFileSync(join(rig.worktree, 'node_modules/left/index.js'), 'installed\n');
  symlinkSync('../../packages/sums', join(rig.worktree, 'node_modules/@scope/sums'));
  const { output } = await rig.run(
    onCommit('cat node_modules/left/index.js node_modules/@scope/sums/index.js; git status --short', old),
  );
  expect(output).toBe('installed\nold\n');
  expect(readFileSync(join(rig.worktree, 'node_modules/left/index.js'), 'utf8')).toBe('installed\n');
});

test('a folder of packages that is a link itself is borrowed too, and stays as it is', async () => {
  rig.commit({ '.gitignore': 'ignored/\nnode_modules\n' });
  const shared = mkdtempSync(join(tmpdir(), 'ilk-shared-'));
  onTestFinished(() => rmSync(shared, { recursive: true }));
  mkdirSync(join(shared, 'right'), { recursive: true });
  writeFileSync(join(shared, 'right/index.js'), 'shared\n');
  rmSync(join(rig.worktree, 'node_modules'), { recursive: true, force: true });
  symlinkSync(shared, join(rig.worktree, 'node_modules'));
  const { output } = await rig.run(onCommit('cat node_modules/right/index.js; rm -r node_modules', rig.head));
  expect(output).toBe('shared\n');
  expect(readFileSync(join(shared, 'right/index.js'), 'utf8')).toBe('shared\n');
});

test('a path that does not bear the run’s name is not made, and what stands there is not removed', async () => {
  const folder = join(rig.stateDir, 'somebodys');
  mkdirSync(folder);
  const { result } = await rig.run({ ...onCommit('true', rig.head), worktree: folder });
  expect(result).toMatchObject({ status: 'infra', cause: 'worktree-unreadable' });
  expect(existsSync(folder)).toBe(true);
});

test('a commit that is not there is infra, and leaves nothing', async () => {
  const spec = onCommit('true', 'c'.repeat(40));
  expect((await rig.run(spec)).result).toMatchObject({ status: 'infra', cause: 'worktree-unreadable' });
  expect(existsSync(spec.worktree)).toBe(false);
});

test('a host that is killed leaves it to the next one to remove', async () => {
  const mark = newMark();
  const spec = onCommit(`sleep ${mark}`, rig.head);
  await rig.host.request('run/start', { spec });
  await until(() => pidsWith(mark).length > 0, 'the command to start');
  expect(existsSync(spec.worktree)).toBe(true);
  const { pid } = newestRecord(rig.stateDir).identity;
  process.kill(pid, 'SIGKILL');
  await until(() => !pidsWith('').includes(pid), 'the host to be dead');
  await rig.client().request('run/list', {});
  await until(() => existsSync(rig.runFile(spec.run, 'result.json')), 'the result');
  expect(existsSync(spec.worktree)).toBe(false);
  expect(git('worktree', 'list').split('\n')).toHaveLength(1);
});
