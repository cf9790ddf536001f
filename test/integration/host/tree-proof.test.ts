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
