import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import { command, makeRig, outcomeAs, type Rig } from './merge-rig';

/** Nothing was pushed and nothing of the gate's work lies about. */
function expectUntouched(rig: Rig, main: string | null): void {
  expect(rig.remote()).toBe(main);
  expect(rig.leftovers()).toEqual([]);
}

describe('LANDED', () => {
  test('main is the tested commit, with main and the reviewed head as parents; the branch on the remote is gone', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    const before = rig.remote();
    const done = await rig.land(item, { test: command('test -f one.txt') });
    const { commit, tree } = outcomeAs(done, 'LANDED');
    expect(done.outcome).toMatchObject({ remoteBranch: 'deleted', resumed: false, receipt: 'off' });
    expect(rig.remote()).toBe(commit);
    expect(rig.remote('DEMO-1')).toBeNull();
    rig.git('fetch', '-q', 'origin');
    expect(rig.git('rev-parse', `${commit}^1`, `${commit}^2`, `${commit}^{tree}`).split('\n')).toEqual([
      before,
      item.head,
      tree,
    ]);
    expect(rig.ran).toEqual([{ commit, command: 'test -f one.txt' }]);
    expect(done.test).toMatchObject({ state: 'ran', commit, tree });
    expect(rig.leftovers()).toEqual([]);
  });

  test('a branch that was never pushed lands as well; squash has main as its one parent and the item’s author', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const before = rig.remote();
    const done = await rig.land(item, { style: 'squash' });
    const { commit } = outcomeAs(done, 'LANDED');
    expect(done.outcome).toMatchObject({ remoteBranch: 'absent' });
    rig.git('fetch', '-q', 'origin');
    expect(rig.git('log', '-1', '--format=%P %an <%ae>', commit)).toBe(`${before} Ann <ann@example.com>`);
  });

  test('squash keeps history linear: the tree is that of the merge, and of a rebase that loses nothing', async () => {
    const rig = makeRig();
    const first = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const item = { ...first, head: rig.commit('DEMO-1', { 'two.txt': 'two\n' }) };
    rig.main({ 'three.txt': 'three\n' });
    const before = rig.remote() ?? '';
    rig.git('fetch', '-q', 'origin');
    const merged = rig.git('merge-tree', '--write-tree', before, item.head);
    rig.git('switch', '-q', '-c', 'replayed', item.head);
    rig.git('rebase', '-q', before);
    const replayed = rig.git('rev-parse', 'HEAD^{tree}');
    rig.git('switch', '-q', 'side');
    const { commit, tree } = outcomeAs(await rig.land(item, { style: 'squash' }), 'LANDED');
    rig.git('fetch', '-q', 'origin');
    expect([merged, replayed, rig.git('rev-parse', `${commit}^{tree}`)]).toEqual([tree, tree, tree]);
    expect(rig.git('rev-list', '--min-parents=2', 'origin/main')).toBe('');
  });

  test.each(['merge', 'squash'] as const)('%s: a commit that has not the tree of the merge is none', async (style) => {
    const rig = makeRig();
    const before = rig.remote();
    const bin = join(rig.folder, 'bin');
    mkdirSync(bin);
    // A git that commits main's own tree, whatever it is given.
    const real = rig.at(rig.folder, '--exec-path');
    const own = rig.at(rig.origin, 'rev-parse', `${before}^{tree}`);
    const script = `#!/bin/sh
case " $* " in *" commit-tree "*) ;; *) exec "${real}/git" "$@" ;; esac
last=$#
for word do
  shift
  last=$((last - 1))
  [ "$last" -gt 0 ] || word=${own}
  set -- "$@" "$word"
done
exec "${real}/git" "$@"
`;
    writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
    const env = { ...rig.env, PATH: `${bin}:${rig.env['PATH']}` };
    const done = await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), { style }, { env });
    expect(outcomeAs(done, 'INFRA').detail).toContain('has not the tree of the merge');
    expect(rig.ran).toEqual([]);
    expectUntouched(rig, before);
  });

  test('the same inputs give the same commit', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const first = await rig.land(item, { test: command('false') });
    const second = await rig.land(item, { test: command('exit 2') });
    expect(first.candidate).not.toBeNull();
    expect(second.candidate).toBe(first.candidate);
  });
});

describe('what the suite says', () => {
  test('RED: an exit code of the suite, with nothing pushed', async () => {
    const rig = makeRig();
    const before = rig.remote();
    const done = await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), { test: command('exit 3') });
    expect(outcomeAs(done, 'RED')).toMatchObject({ preExisting: null, base: null });
    expectUntouched(rig, before);
  });

  test.each([
    { name: 'red on base in the same way is told apart', suite: 'exit 3', preExisting: true },
    { name: 'green on base is the item’s', suite: 'test ! -f one.txt', preExisting: false },
    { name: 'another exit code on base is the item’s', suite: 'test -f one.txt && exit 3; exit 4', preExisting: false },
  ])('RED: $name', async ({ suite, preExisting }) => {
    const rig = makeRig();
    const before = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const done = await rig.land(item, { test: command(suite), redOnBase: true });
    expect(outcomeAs(done, 'RED').preExisting).toBe(preExisting);
    expect(rig.ran.map(({ commit }) => commit)).toEqual([done.candidate, before]);
    expectUntouched(rig, before);
  });

  test('TIMEOUT says nothing about the code', async () => {
    const rig = makeRig();
    const before = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const done = await rig.land(item, { test: command(['sleep', '30'], { timeoutMs: 200 }), redOnBase: true });
    expect(outcomeAs(done, 'TIMEOUT')).toMatchObject({ of: 'test', timeoutMs: 200 });
    expect(rig.ran).toHaveLength(1);
    expectUntouched(rig, before);
  });

  test('INFRA: a suite that ran on another tree than the candidate’s opens nothing', async () => {
    const rig = makeRig();
    const before = rig.remote();
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      {},
      {
        runCommand: async (spec) => {
          const { result } = await rig.context().runCommand(spec);
          if (result.kind !== 'test' || result.tree === null) throw new Error('no test result');
          const tree = { ...result.tree, tree: '0'.repeat(40), treeAfter: '0'.repeat(40) };
          return { result: { ...result, tree }, cases: null };
        },
      },
    );
    expect(outcomeAs(done, 'INFRA')).toMatchObject({ cause: 'command-infra', step: 'TEST' });
    expectUntouched(rig, before);
  });

  test('DIRTY: a suite that changes tracked files, even with exit code 0', async () => {
    const rig = makeRig();
    const before = rig.remote();
    const suite = command('echo more >> readme.md; git update-index --assume-unchanged readme.md');
    const done = await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), { test: suite });
    expect(outcomeAs(done, 'DIRTY').changed).toEqual(['readme.md']);
    expectUntouched(rig, before);
  });

  test('without a configured suite it lands, and says that nothing was tested', async () => {
    const rig = makeRig();
    const done = await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' }), { test: null });
    outcomeAs(done, 'LANDED');
    expect(done.test).toEqual({ state: 'not-configured' });
  });
});

describe('skipping the re-test', () => {
  const ghost = '1'.repeat(40);

  test('only a PASS of the same commit under the same key is a proof', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const red = await rig.land(item, { test: command('false') });
    const proof = { commit: red.candidate, tree: null, key: 'key' };
    const otherKey = { proven: [{ ...proof, key: 'another' }], test: command('false') };
    outcomeAs(await rig.land(item, otherKey), 'RED');
    const sameTree = { proven: [{ commit: ghost, tree: red.tree, key: 'key' }], test: command('false') };
    outcomeAs(await rig.land(item, sameTree), 'RED');
    const done = await rig.land(item, { proven: [proof], test: command('false') });
    outcomeAs(done, 'LANDED');
    expect(done.test).toMatchObject({ state: 'proven', by: 'commit' });
    expect(rig.ran).toHaveLength(3);
  });

  test('a PASS of the same tree is one where the project says that its tests ignore history', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const red = await rig.land(item, { test: command('false') });
    const proven = [{ commit: ghost, tree: red.tree, key: 'key' }];
    const done = await rig.land(item, { proven, testsIgnoreHistory: true, test: command('false') });
    outcomeAs(done, 'LANDED');
    expect(done.test).toMatchObject({ state: 'proven', by: 'tree' });
  });
});

describe('what main and the branch say', () => {
  test('MOVED is built and tested again, and lands', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    let moves = 0;
    const done = await rig.land(
      item,
      {},
      {
        reach: (point) => {
          if (point === 'tested' && moves++ < 2) rig.main({ [`other-${moves}.txt`]: 'x\n' });
          return Promise.resolve();
        },
      },
    );
    const { commit } = outcomeAs(done, 'LANDED');
    expect(done.attempts).toBe(3);
    expect(new Set(rig.ran.map((run) => run.commit)).size).toBe(3);
    expect(rig.remote()).toBe(commit);
    expect(rig.at(rig.origin, 'ls-tree', '--name-only', commit).split('\n')).toEqual([
      'one.txt',
      'other-1.txt',
      'other-2.txt',
      'readme.md',
    ]);
  });

  test('MOVED each time: held at the end of the budget', async () => {
    const rig = makeRig();
    let moves = 0;
    let last = '';
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      { moves: 2 },
      {
        reach: (point) => {
          if (point === 'tested') last = rig.main({ [`other-${moves++}.txt`]: 'x\n' });
          return Promise.resolve();
        },
      },
    );
    expect(outcomeAs(done, 'MOVED').attempts).toBe(2);
    expectUntouched(rig, last);
  });

  test('main rewound while the suite ran: what was taken off main does not come back', async () => {
    const rig = makeRig();
    const good = rig.remote() ?? '';
    const bad = rig.main({ 'bad.txt': 'x\n' });
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      { moves: 1 },
      {
        reach: (point) => {
          if (point === 'tested') rig.git('push', '-q', '-f', 'origin', `${good}:refs/heads/main`);
          return Promise.resolve();
        },
      },
    );
    outcomeAs(done, 'MOVED');
    expectUntouched(rig, good);
    expect(rig.at(rig.origin, 'branch', '--contains', bad)).toBe('');
  });

  test('CONFLICT names the files, their sides and the lines', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'readme.md': 'the item\n', 'new.txt': 'x\n' });
    rig.main({ 'readme.md': 'somebody else\n' });
    const main = rig.remote();
    const done = await rig.land(item);
    const { files, more } = outcomeAs(done, 'CONFLICT');
    expect(more).toBe(0);
    expect(files).toMatchObject([{ path: 'readme.md', stages: [1, 2, 3], hunks: [{ line: 1 }] }]);
    expect(files[0]?.hunks[0]?.text).toMatch(/^<<<<<<< .*\nsomebody else\n=======\nthe item\n>>>>>>> /);
    expect(rig.ran).toEqual([]);
    expectUntouched(rig, main);
  });

  test('HEAD_CHANGED: the branch has another commit than the reviewed one', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const found = rig.commit('DEMO-1', { 'two.txt': 'two\n' });
    const done = await rig.land(item);
    expect(outcomeAs(done, 'HEAD_CHANGED')).toMatchObject({ where: 'local', expected: item.head, found });
    expectUntouched(rig, main);
  });

  test('HEAD_CHANGED while the suite ran: nothing lands', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const done = await rig.land(
      item,
      {},
      {
        reach: (point) => {
          if (point === 'tested') rig.commit('DEMO-1', { 'two.txt': 'two\n' });
          return Promise.resolve();
        },
      },
    );
    outcomeAs(done, 'HEAD_CHANGED');
    expectUntouched(rig, main);
  });

  test('HEAD_CHANGED on the remote: commits that nobody reviewed are not deleted', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const pushed = rig.commit('DEMO-1', { 'two.txt': 'two\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    rig.git('update-ref', 'refs/heads/DEMO-1', item.head);
    const done = await rig.land(item);
    expect(outcomeAs(done, 'HEAD_CHANGED')).toMatchObject({ where: 'remote', found: pushed });
    expect(rig.remote('DEMO-1')).toBe(pushed);
    expectUntouched(rig, main);
  });

  test('the remote’s branch moves between the look and the push: neither main nor the branch moves', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    const later = rig.commit('side-work', { 'two.txt': 'two\n' }, item.head);
    const done = await rig.land(
      item,
      {},
      {
        reach: (point) => {
          if (point === 'land:before') rig.git('push', '-q', 'origin', 'side-work:DEMO-1');
          return Promise.resolve();
        },
      },
    );
    expect(outcomeAs(done, 'HEAD_CHANGED')).toMatchObject({ where: 'remote', found: later });
    expect(rig.remote('DEMO-1')).toBe(later);
    expectUntouched(rig, main);
  });

  test('a branch on the remote that is behind the reviewed head is no other work', async () => {
    const rig = makeRig();
    rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    const item = rig.item('DEMO-1', { 'two.txt': 'two\n' });
    outcomeAs(await rig.land(item), 'LANDED');
    expect(rig.remote('DEMO-1')).toBeNull();
  });
});

describe('work that is not there, or there already', () => {
  test('EMPTY is never landed', async () => {
    const rig = makeRig();
    const main = rig.remote();
    outcomeAs(await rig.land(rig.item('DEMO-1', {})), 'EMPTY');
    expectUntouched(rig, main);
  });

  test('ALREADY_LANDED: merged by somebody, or picked onto main', async () => {
    const rig = makeRig();
    const merged = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const picked = rig.item('DEMO-2', { 'two.txt': 'two\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1:main');
    rig.main({ 'two.txt': 'two\n' });
    const main = rig.remote();
    outcomeAs(await rig.land(merged), 'ALREADY_LANDED');
    outcomeAs(await rig.land(picked), 'ALREADY_LANDED');
    expectUntouched(rig, main);
  });

  test('LANDED_BUT_LOST: merged, then reverted on main; also with new commits on top', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const { commit } = outcomeAs(await rig.land(item), 'LANDED');
    rig.main({ 'one.txt': null });
    const main = rig.remote();
    expect(outcomeAs(await rig.land(item), 'LANDED_BUT_LOST').paths).toEqual(['one.txt']);
    const head = rig.commit('DEMO-1', { 'two.txt': 'two\n' });
    expect(outcomeAs(await rig.land({ ...item, head }), 'LANDED_BUT_LOST').paths).toEqual(['one.txt']);
    expect(commit).not.toBe(main);
    expectUntouched(rig, main);
  });

  test('an item that took main in, and main took that back itself, is not lost', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.main({ 'passing.txt': 'x\n' });
    rig.git('fetch', '-q', 'origin');
    rig.git('switch', '-q', 'DEMO-1');
    rig.git('merge', '-q', '--no-edit', 'origin/main');
    const head = rig.git('rev-parse', 'HEAD');
    rig.git('switch', '-q', 'side');
    rig.main({ 'passing.txt': null });
    outcomeAs(await rig.land({ ...item, head }), 'LANDED');
  });
});

describe('who may not', () => {
  test('LOCK_BUSY: another gate of this repository is at work, and costs nothing', async () => {
    const rig = makeRig();
    const [one, two] = [rig.item('DEMO-1', { 'one.txt': 'x\n' }), rig.item('DEMO-2', { 'two.txt': 'x\n' })];
    let busy: Awaited<ReturnType<Rig['land']>> | undefined;
    const first = await rig.land(
      one,
      {},
      {
        reach: async (point) => {
          if (point === 'tested') busy = await rig.land(two);
        },
      },
    );
    outcomeAs(first, 'LANDED');
    expect(busy && outcomeAs(busy, 'LOCK_BUSY')).toMatchObject({ owner: 'alive' });
    outcomeAs(await rig.land(two), 'LANDED');
  });

  test('the lock of a dead owner is taken over, that of one that can’t be judged is not', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'x\n' });
    const lock = join(rig.context().folder, 'lock');
    mkdirSync(lock, { recursive: true });
    const me = ownIdentity(openProcessTable());
    const claimAs = (number: number, owner: object): void =>
      writeFileSync(join(lock, `${number}.json`), JSON.stringify({ owner: { ...me, ...owner }, run: 'r0' }));
    claimAs(1, { host: 'elsewhere' });
    expect(outcomeAs(await rig.land(item), 'LOCK_BUSY')).toMatchObject({ owner: 'unknown' });
    claimAs(2, { startTime: '1' });
    outcomeAs(await rig.land(item), 'LANDED');
  });

  test('POLICY: a hook of the server declines; the verdict is kept for the next try', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.hook(rig.origin, 'pre-receive', 'echo "freeze until monday" >&2; exit 1');
    const done = await rig.land(item);
    expect(outcomeAs(done, 'POLICY')).toMatchObject({ rule: 'hook-declined' });
    expect(outcomeAs(done, 'POLICY').detail).toContain('freeze until monday');
    expectUntouched(rig, main);
    rmSync(join(rig.origin, 'hooks', 'pre-receive'));
    const again = await rig.land(item);
    outcomeAs(again, 'LANDED');
    expect(again.test).toMatchObject({ state: 'proven', by: 'journal' });
    expect(rig.ran).toHaveLength(1);
  });

  test('POLICY: a hook that declines the branch alone keeps main where it is', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    rig.hook(rig.origin, 'update', 'test "$1" = refs/heads/main');
    outcomeAs(await rig.land(item), 'POLICY');
    expect(rig.remote('DEMO-1')).toBe(item.head);
    expectUntouched(rig, main);
  });

  test('POLICY: a server that forbids deletions', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('push', '-q', 'origin', 'DEMO-1');
    rig.at(rig.origin, 'config', 'receive.denyDeletes', 'true');
    expect(outcomeAs(await rig.land(item), 'POLICY')).toMatchObject({ rule: 'protected-branch' });
    expectUntouched(rig, main);
    const kept = await rig.land(item, { cleanup: { remoteBranch: false, localBranch: false, worktrees: false } });
    expect(outcomeAs(kept, 'LANDED').remoteBranch).toBe('kept');
  });

  test('POLICY: unrelated histories', async () => {
    const rig = makeRig();
    const main = rig.remote();
    rig.git('switch', '-q', '--orphan', 'DEMO-1');
    writeFileSync(join(rig.root, 'one.txt'), 'x\n');
    rig.git('add', '.');
    rig.git('commit', '-q', '-m', 'from nothing');
    const head = rig.git('rev-parse', 'HEAD');
    rig.git('switch', '-q', 'side');
    const item = { ...rig.item('DEMO-2', {}), item: 'DEMO-1', branch: 'DEMO-1', head };
    expect(outcomeAs(await rig.land(item), 'POLICY')).toMatchObject({ rule: 'unrelated-histories' });
    expectUntouched(rig, main);
  });
});

describe('ALARM', () => {
  test('main does not hold the landed commit after the push', async () => {
    const rig = makeRig();
    const main = rig.remote() ?? '';
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      {},
      {
        reach: (point) => {
          if (point === 'land:after') rig.git('push', '-q', '-f', 'origin', `${main}:refs/heads/main`);
          return Promise.resolve();
        },
      },
    );
    expect(outcomeAs(done, 'ALARM')).toMatchObject({
      expected: { commit: done.candidate, tree: done.tree },
      found: { commit: main },
    });
  });

  test('main that went on from the landed commit is none', async () => {
    const rig = makeRig();
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      {},
      {
        reach: (point) => {
          if (point === 'land:after') rig.main({ 'other.txt': 'x\n' });
          return Promise.resolve();
        },
      },
    );
    outcomeAs(done, 'LANDED');
  });
});

describe('INFRA', () => {
  test('the remote can’t be reached', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('remote', 'set-url', 'origin', join(rig.folder, 'nowhere.git'));
    expect(outcomeAs(await rig.land(item), 'INFRA')).toMatchObject({
      cause: 'remote-unreachable',
      class: 'transient-infra',
    });
  });

  test.each([
    ['no-such-remote', { remote: 'upstream' }],
    ['no-such-base', { base: 'trunk' }],
    ['repository-unreadable', { repository: '/nowhere' }],
  ] as const)('%s is lasting', async (cause, spec) => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    expect(outcomeAs(await rig.land(item, spec), 'INFRA')).toMatchObject({ cause, class: 'permanent-env' });
  });

  test('a fork point that no repository has', async () => {
    const rig = makeRig();
    const item = { ...rig.item('DEMO-1', { 'one.txt': 'one\n' }), fork: 'a'.repeat(40) };
    expect(outcomeAs(await rig.land(item), 'INFRA')).toMatchObject({ cause: 'commit-missing' });
  });

  test('stopped by a person: cancelled, with nothing left', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const stop = new AbortController();
    const done = await rig.land(
      rig.item('DEMO-1', { 'one.txt': 'one\n' }),
      {},
      {
        stop: stop.signal,
        reach: (point) => {
          if (point === 'built') stop.abort('a person said so');
          return Promise.resolve();
        },
      },
    );
    expect(outcomeAs(done, 'INFRA')).toMatchObject({
      cause: 'cancelled',
      class: 'cancelled',
      detail: 'a person said so',
    });
    expectUntouched(rig, main);
  });

  test('the server dies after it has moved base: the remote shows the landing, so it is one', async () => {
    const rig = makeRig();
    // The refs are written, and the answer is not yet.
    rig.hook(
      rig.origin,
      'reference-transaction',
      '[ "$1" = committed ] && grep -q heads/main && kill -9 $PPID; exit 0',
    );
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const done = await rig.land(item);
    expect(outcomeAs(done, 'LANDED')).toMatchObject({ commit: rig.remote(), resumed: false });
    expect(done.attempts).toBe(1);
    expect(rig.leftovers()).toEqual([]);
  });

  test('the server dies before it has moved anything: unknown is not landed, and the next try needs no test', async () => {
    const rig = makeRig();
    const main = rig.remote();
    rig.hook(rig.origin, 'pre-receive', 'kill -9 $PPID');
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const unknown = outcomeAs(await rig.land(item), 'INFRA');
    expect(unknown).toMatchObject({ cause: 'push-unknown', class: 'transient-infra', step: 'LAND' });
    expectUntouched(rig, main);
    rig.hook(rig.origin, 'pre-receive', 'exit 0');
    const again = await rig.land(item);
    outcomeAs(again, 'LANDED');
    expect(again.test).toMatchObject({ by: 'journal' });
    expect(rig.ran).toHaveLength(1);
  });

  test('a stale lock on the server: its words, and nothing moved', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const lock = join(rig.origin, 'refs', 'heads', 'main.lock');
    writeFileSync(lock, '');
    expect(outcomeAs(await rig.land(item), 'INFRA')).toMatchObject({ cause: 'remote-refused', step: 'LAND' });
    expectUntouched(rig, main);
    rmSync(lock);
    const again = await rig.land(item);
    outcomeAs(again, 'LANDED');
    expect(again.test).toMatchObject({ by: 'journal' });
    expect(existsSync(lock)).toBe(false);
  });
});
