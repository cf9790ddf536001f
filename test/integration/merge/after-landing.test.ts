import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { openMirror } from '../../../runner-host/merge/open-mirror';
import { verifyCommit } from '../../../runner-host/merge/receipts';
import { makeRig, outcomeAs, type Rig } from './merge-rig';

async function verify(rig: Rig, commit: string) {
  const { git, target } = await openMirror(rig.context(), { repository: rig.root, remote: 'origin' });
  return verifyCommit(git, target, 'main', commit);
}

test('a receipt stands on the landed commit, and says what was tested', async () => {
  const rig = makeRig();
  const one = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const two = rig.item('DEMO-2', { 'two.txt': 'two\n' });
  const first = outcomeAs(await rig.land(one, { receipt: true }), 'LANDED');
  const second = outcomeAs(await rig.land(two, { receipt: true }), 'LANDED');
  expect([first.receipt, second.receipt]).toEqual(['written', 'written']);
  for (const [commit, item] of [
    [first.commit, one],
    [second.commit, two],
  ] as const) {
    const { ok, receipt, problems } = await verify(rig, commit);
    expect(problems).toEqual([]);
    expect(ok).toBe(true);
    expect(receipt).toMatchObject({ item: item.item, head: item.head, candidate: commit, verdict: 'PASS' });
  }
});

test('verify says what is wrong: no receipt, a receipt of another commit, a commit that main lost', async () => {
  const rig = makeRig();
  const { commit } = outcomeAs(await rig.land(rig.item('DEMO-1', { 'one.txt': 'x\n' }), { receipt: true }), 'LANDED');
  const byHand = rig.main({ 'hand.txt': 'x\n' });
  expect((await verify(rig, byHand)).problems.join()).toContain('no receipt');
  expect((await verify(rig, 'f'.repeat(40))).ok).toBe(false);
  rig.git('fetch', '-q', 'origin', 'main', '+refs/notes/interlock:refs/notes/interlock');
  rig.git('notes', '--ref=interlock', 'copy', commit, byHand);
  rig.git('push', '-q', 'origin', 'refs/notes/interlock');
  const forged = await verify(rig, byHand);
  expect(forged.ok).toBe(false);
  expect(forged.problems.join()).toContain(commit);
  rig.git('push', '-q', '-f', 'origin', `${commit}^:refs/heads/main`);
  expect((await verify(rig, commit)).problems.join()).toContain('not in the history of base');
});

const everything = { cleanup: { remoteBranch: true, localBranch: true, worktrees: true } };

test('worktree and branch go when it is proven that nothing is lost; a backup ref keeps the head', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const tree = join(rig.folder, 'DEMO-1');
  rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
  const done = await rig.land(item, everything);
  outcomeAs(done, 'LANDED');
  expect(existsSync(tree)).toBe(false);
  expect(rig.git('branch', '--list', 'DEMO-1')).toBe('');
  expect(rig.git('for-each-ref', '--format=%(objectname)', 'refs/interlock/backup')).toBe(item.head);
  expect(done.cleanup).toHaveLength(2);
});

test.each([
  ['has a file that nobody committed', (tree: string, _rig: Rig) => writeFileSync(join(tree, 'notes.txt'), 'x\n')],
  [
    'hides a change from git status',
    (tree: string, rig: Rig) => {
      rig.at(tree, 'update-index', '--assume-unchanged', 'readme.md');
      writeFileSync(join(tree, 'readme.md'), 'changed\n');
    },
  ],
  ['is locked', (tree: string, rig: Rig) => void rig.git('worktree', 'lock', tree)],
])('a worktree that %s is kept, and its branch with it', async (_what, touch) => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const tree = join(rig.folder, 'DEMO-1');
  rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
  touch(tree, rig);
  const done = await rig.land(item, everything);
  outcomeAs(done, 'LANDED');
  expect(existsSync(join(tree, 'one.txt'))).toBe(true);
  expect(rig.git('rev-parse', 'DEMO-1')).toBe(item.head);
  expect(done.cleanup.join('\n')).toMatch(/worktree .* kept: .*\n?branch DEMO-1 kept: /);
});

test('a worktree with a process inside is kept', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const tree = join(rig.folder, 'DEMO-1');
  rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
  const inside = spawn('sleep', ['60'], { cwd: tree, stdio: 'ignore' });
  onTestFinished(() => void inside.kill('SIGKILL'));
  await once(inside, 'spawn');
  const done = await rig.land(item, everything);
  outcomeAs(done, 'LANDED');
  expect(done.cleanup.join()).toContain(`process ${inside.pid}`);
  expect(existsSync(tree)).toBe(true);
});

test('the head, and what else was on the remote’s branch, are backed up before anything is deleted', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  rig.git('push', '-q', 'origin', 'DEMO-1');
  outcomeAs(await rig.land(item), 'LANDED');
  const mirror = join(rig.context().folder, 'mirror.git');
  expect(rig.at(mirror, 'for-each-ref', '--format=%(objectname)', 'refs/interlock/backup')).toBe(item.head);
  expect(rig.at(mirror, 'for-each-ref', 'refs/interlock/items')).toBe('');
});

test('an atomic push of which the server lost the deletion is finished', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  rig.git('push', '-q', 'origin', 'DEMO-1');
  const done = await rig.land(
    item,
    {},
    {
      reach: (point) => {
        if (point === 'VERIFY') rig.git('push', '-q', 'origin', 'DEMO-1');
        return Promise.resolve();
      },
    },
  );
  expect(outcomeAs(done, 'LANDED').remoteBranch).toBe('deleted');
  expect(rig.remote('DEMO-1')).toBeNull();
});
