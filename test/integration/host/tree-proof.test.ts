import { execFileSync } from 'node:child_process';
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TreeReader } from '../../../runner-host/git/tree-reader';
import type { TreeProof } from '../../../runner-host/protocol/result';
import { openHostRig, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

const git = (...args: string[]): string => execFileSync('git', args, { cwd: rig.worktree, encoding: 'utf8' }).trim();
const treeOf = (commit: string): string => git('rev-parse', `${commit}^{tree}`);

/** The tree as the runner proves it, without a run. */
async function prove(): Promise<string> {
  const options = {
    worktree: rig.worktree,
    artifacts: 'docs/work-items/DEMO-1',
    env: process.env,
    signal: new AbortController().signal,
  };
  const trees = new TreeReader({ ...options, scratch: join(rig.stateDir, 'scratch') });
  try {
    return await trees.tree([]);
  } finally {
    await trees.close();
  }
}

async function proveRun(command: string, more = {}): Promise<TreeProof> {
  const { tree } = (await rig.run(rig.spec(command, more))).result;
  if (tree === null) throw new Error('no tree was proven');
  return tree;
}

test('a clean worktree proves its commit’s own tree, and leaves the repository’s objects and index alone', async () => {
  const before = [git('count-objects', '-v'), git('status', '--porcelain')];
  expect(await prove()).toBe(treeOf('HEAD'));
  expect([git('count-objects', '-v'), git('status', '--porcelain')]).toEqual(before);
});

test('the artifacts folder does not belong to the tree, ignored files neither', async () => {
  const plain = await prove();
  rig.write('docs/work-items/DEMO-1/13-test-report.md', 'text');
  rig.write('ignored/cache', 'text');
  expect(await prove()).toBe(plain);
  rig.commit({});
  expect(await prove()).toBe(plain);
});

test('a change or a new file that is not committed shows', async () => {
  const plain = await prove();
  rig.write('code.txt', 'two\n');
  expect(await prove()).not.toBe(plain);
  rig.write('code.txt', 'one\n');
  rig.write('new.txt', 'x');
  expect(await prove()).not.toBe(plain);
  rmSync(join(rig.worktree, 'new.txt'));
  expect(await prove()).toBe(plain);
});

test.each(['--assume-unchanged', '--skip-worktree'])('a change behind %s shows', async (bit) => {
  const plain = await prove();
  git('update-index', bit, 'code.txt');
  rig.write('code.txt', 'ONE\n');
  utimesSync(join(rig.worktree, 'code.txt'), new Date(0), new Date(0));
  expect(git('status', '--porcelain')).toBe('');
  expect(await prove()).not.toBe(plain);
  git('update-index', bit.replace('--', '--no-'), 'code.txt');
  rig.write('code.txt', 'one\n');
});

test('hooks and the watcher of the repository are not run', async () => {
  const plain = await prove();
  rig.write('.git/hooks/post-index-change', '#!/bin/sh\ntouch "$(git rev-parse --show-toplevel)/hook-ran"\n');
  rig.write('ignored/watcher', '#!/bin/sh\ntouch hook-ran\n');
  git('config', 'core.fsmonitor', join(rig.worktree, 'ignored/watcher'));
  expect(await prove()).toBe(plain);
  git('config', '--unset', 'core.fsmonitor');
  rmSync(join(rig.worktree, '.git/hooks/post-index-change'));
  expect(git('status', '--porcelain')).toBe('');
});

test('the tree without committed artifacts is the one that git makes without them', async () => {
  rig.write('docs/work-items/DEMO-1/deep/notes.md', 'text');
  rig.write('docs/work-items/DEMO-1.md', 'text');
  rig.write('docs/work-items.txt', 'text');
  rig.commit({});
  const index = { env: { ...process.env, GIT_INDEX_FILE: join(rig.stateDir, 'other-index') }, cwd: rig.worktree };
  execFileSync('git', ['read-tree', 'HEAD'], index);
  execFileSync('git', ['rm', '-rq', '--cached', 'docs/work-items/DEMO-1'], index);
  expect(await prove()).toBe(execFileSync('git', ['write-tree'], { ...index, encoding: 'utf8' }).trim());
  const { tree, treeAfter, changed } = await proveRun('echo changed > code.txt; date > docs/work-items/DEMO-1/new.md');
  expect(treeAfter).not.toBe(tree);
  expect(changed).toEqual(['code.txt']);
  git('checkout', '-q', 'code.txt');
});

/** Other bytes of the same number, with the times put back that can be: `code.txt` holds `one`. */
const SNEAK = 'cp -p code.txt ignored/kept; printf "ONE\\n" > code.txt; touch -r ignored/kept code.txt';

test.each([
  ['the repository trusts times', []],
  ['the repository looks at less', ['core.trustctime=false', 'core.checkStat=minimal', 'core.ignoreStat=true']],
  ['the index has parts', ['core.splitIndex=true', 'index.version=4']],
])('a change of the same size with its time put back shows where %s', async (_where, settings) => {
  rig.write('ignored/kept', '');
  utimesSync(join(rig.worktree, 'code.txt'), new Date(1e12), new Date(1e12));
  for (const setting of settings) git('config', ...(setting.split('=') as [string, string]));
  const { tree, treeAfter, changed } = await proveRun(SNEAK);
  for (const setting of settings) git('config', '--unset', setting.split('=')[0] ?? '');
  rig.write('code.txt', 'one\n');
  expect(changed).toEqual(['code.txt']);
  expect(treeAfter).not.toBe(tree);
});

test('an index of the runner’s that the run tampers with is not believed', async () => {
  const scratch = `"${rig.stateDir}"/runs/*/scratch`;
  const { changed } = await proveRun(
    `export GIT_INDEX_FILE=$(echo ${scratch}/index); git update-index --assume-unchanged code.txt && echo tampered > code.txt`,
  );
  git('checkout', '-q', 'code.txt');
  expect(changed).toEqual(['code.txt']);
});

test('a report in the place of a committed one that was deleted does not belong to the tree', async () => {
  rig.commit({ 'report.xml': '<testsuite/>' });
  rmSync(join(rig.worktree, 'report.xml'));
  const { tree, treeAfter } = await proveRun('printf "<testsuite/>" > report.xml', {
    report: { format: 'junit', path: 'report.xml' },
  });
  expect(treeAfter).toBe(tree);
  expect(tree).not.toBe(treeOf('HEAD'));
  git('rm', '-q', '-f', 'report.xml');
  rig.commit({});
});

test('what the run changed is named; its own report is not', async () => {
  const proof = await proveRun(`echo changed > code.txt; echo '<testsuite/>' > report.xml; touch made.txt`, {
    report: { format: 'junit', path: 'report.xml' },
  });
  expect(proof.changed).toEqual(['code.txt', 'made.txt']);
  expect(proof.treeAfter).not.toBe(proof.tree);
  git('checkout', '-q', 'code.txt');
  rmSync(join(rig.worktree, 'made.txt'));
  const again = await proveRun(`echo '<testsuite/>' > report.xml`, { report: { format: 'junit', path: 'report.xml' } });
  expect(again).toMatchObject({ tree: proof.tree, treeAfter: proof.tree, changed: [] });
  rmSync(join(rig.worktree, 'report.xml'));
});

test('a commit made by the run shows', async () => {
  const identity = '-c user.name=A -c user.email=a@example.com';
  const proof = await proveRun(`git ${identity} commit -q --allow-empty -m sneaky`);
  expect(proof.headAfter).not.toBe(proof.head);
  git('reset', '-q', '--hard', rig.head);
});
