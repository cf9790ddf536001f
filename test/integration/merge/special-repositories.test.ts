import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command, makeRig, outcomeAs, type Rig } from './merge-rig';

/** Commits whatever stands in the clone onto a new branch. */
function itemOfWorktree(rig: Rig, id: string, write: () => void) {
  rig.git('fetch', '-q', 'origin');
  const fork = rig.git('rev-parse', 'origin/main');
  rig.git('switch', '-q', '--no-track', '-c', id, 'origin/main');
  write();
  rig.git('add', '-A');
  rig.git('commit', '-q', '-m', id);
  const head = rig.git('rev-parse', 'HEAD');
  rig.git('switch', '-q', 'side');
  return { item: id, title: '', branch: id, head, fork, anchors: [], waivers: [] };
}

/** `mode id` of each path, byte for byte. */
function entries(rig: Rig, commit: string): string {
  return execFileSync('git', ['ls-tree', '-r', '-z', commit], { cwd: rig.root, env: rig.env }).toString('latin1');
}

test('the user’s hooks, signing, index and checkout take no part and are not touched', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  rig.git('push', '-q', 'origin', 'DEMO-1');
  const names = ['pre-push', 'post-checkout', 'reference-transaction', 'pre-merge-commit', 'commit-msg', 'post-merge'];
  for (const name of [...names, 'post-index-change', 'fsmonitor'])
    rig.hook(join(rig.root, '.git'), name, `echo "$0" >> '${rig.folder}/ran'`);
  rig.git('config', '--global', 'commit.gpgSign', 'true');
  rig.git('config', '--global', 'gpg.program', 'false');
  rig.git('config', 'rerere.enabled', 'true');
  rig.git('config', '--global', 'merge.conflictStyle', 'diff3');
  const index = readFileSync(join(rig.root, '.git', 'index'));
  const fetchHead = existsSync(join(rig.root, '.git', 'FETCH_HEAD'));
  const refs = rig.at(
    rig.folder,
    '--git-dir',
    join(rig.root, '.git'),
    '-c',
    'core.hooksPath=/dev/null',
    'for-each-ref',
  );
  outcomeAs(await rig.land(item), 'LANDED');
  expect(existsSync(join(rig.folder, 'ran'))).toBe(false);
  expect(readFileSync(join(rig.root, '.git', 'index')).equals(index)).toBe(true);
  expect(existsSync(join(rig.root, '.git', 'FETCH_HEAD'))).toBe(fetchHead);
  expect(
    rig.at(rig.folder, '--git-dir', join(rig.root, '.git'), '-c', 'core.hooksPath=/dev/null', 'for-each-ref'),
  ).toBe(refs);
});

test('inherited GIT_* variables redirect nothing', async () => {
  const rig = makeRig();
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const elsewhere = join(rig.folder, 'elsewhere.git');
  rig.at(rig.folder, 'init', '-q', '--bare', elsewhere);
  const env = { ...rig.env, GIT_DIR: elsewhere, GIT_INDEX_FILE: join(rig.folder, 'index'), GIT_NAMESPACE: 'x' };
  outcomeAs(await rig.land(item, {}, { env }), 'LANDED');
  expect(rig.at(rig.folder, '--git-dir', elsewhere, 'for-each-ref')).toBe('');
});

test('stale locks: the user’s index and tracking refs, the gate’s own refs, config and worktrees', async () => {
  const rig = makeRig();
  outcomeAs(await rig.land(rig.item('DEMO-1', { 'one.txt': 'one\n' })), 'LANDED');
  const item = rig.item('DEMO-2', { 'two.txt': 'two\n' });
  const theirs = ['index.lock', 'refs/remotes/origin/main.lock'].map((path) => join(rig.root, '.git', path));
  for (const lock of theirs) writeFileSync(lock, '');
  const mirror = join(rig.context().folder, 'mirror.git');
  writeFileSync(join(mirror, 'config.lock'), '');
  writeFileSync(join(mirror, 'packed-refs.lock'), '');
  const ours = join(mirror, 'refs', 'interlock', 'fetched');
  mkdirSync(ours, { recursive: true });
  writeFileSync(join(ours, 'base.lock'), '');
  // A worktree that died half made: no git worktree command works any more.
  mkdirSync(join(mirror, 'worktrees', 'dead'), { recursive: true });
  writeFileSync(join(mirror, 'worktrees', 'dead', 'commondir'), '');
  expect(() => rig.at(mirror, 'worktree', 'add', '--detach', join(rig.folder, 'never'), 'HEAD')).toThrow();
  outcomeAs(await rig.land(item), 'LANDED');
  expect(rig.leftovers()).toEqual([]);
  expect(existsSync(join(ours, 'base.lock'))).toBe(false);
  // What is not the gate's is nobody's to remove.
  expect(theirs.map((lock) => existsSync(lock))).toEqual([true, true]);
});

test('names in any bytes, links, executable files, line ends and a renamed case land byte for byte', async () => {
  const rig = makeRig();
  rig.main({ '.gitattributes': '*.txt text=auto\n', 'Name.txt': 'x\n' });
  const item = itemOfWorktree(rig, 'DEMO-1', () => {
    writeFileSync(Buffer.concat([Buffer.from(`${rig.root}/caf`), Buffer.of(0xe9), Buffer.from('.txt')]), 'x\n');
    writeFileSync(join(rig.root, 'two\nlines'), 'x\n');
    writeFileSync(join(rig.root, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(rig.root, 'dos.bin'), 'a\r\nb\r\n');
    writeFileSync(join(rig.root, 'dos.txt'), 'a\r\nb\r\n');
    symlinkSync('readme.md', join(rig.root, 'link'));
    rig.git('mv', 'Name.txt', 'name.txt');
  });
  rig.main({ 'other.txt': 'x\n' });
  const done = await rig.land(item, { test: command('test -x run.sh && test -L link && test -f name.txt') });
  const { commit } = outcomeAs(done, 'LANDED');
  rig.git('fetch', '-q', 'origin');
  const landed = entries(rig, commit)
    .split('\0')
    .filter((entry) => !entry.endsWith('\tother.txt'));
  expect(landed.join('\0')).toBe(entries(rig, item.head));
});

describe('shallow clones', () => {
  test('the mirror fetches the whole history from the remote', async () => {
    const rig = makeRig();
    for (const n of [1, 2, 3]) rig.main({ [`old-${n}.txt`]: 'x\n' });
    const root = join(rig.folder, 'shallow');
    rig.at(rig.folder, 'clone', '-q', '--depth', '1', `file://${rig.origin}`, root);
    rig.at(root, 'switch', '-q', '-c', 'DEMO-1');
    writeFileSync(join(root, 'one.txt'), 'one\n');
    rig.at(root, 'add', '.');
    rig.at(root, 'commit', '-q', '-m', 'one');
    const [head = '', fork = ''] = rig.at(root, 'rev-parse', 'HEAD', 'HEAD^').split('\n');
    rig.at(root, 'switch', '-q', '--detach');
    rig.main({ 'new.txt': 'x\n' });
    const item = { item: 'DEMO-1', title: '', branch: 'DEMO-1', head, fork, anchors: [], waivers: [] };
    const folder = join(root, '.git', 'interlock', 'merge');
    const done = await rig.land(item, { repository: root }, { folder });
    const { commit } = outcomeAs(done, 'LANDED');
    expect(rig.at(rig.origin, 'rev-list', '--count', commit)).toBe('7');
    expect(rig.at(join(folder, 'mirror.git'), 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  test('where the remote is shallow itself, it is said', async () => {
    const rig = makeRig();
    for (const n of [1, 2, 3]) rig.main({ [`old-${n}.txt`]: 'x\n' });
    const origin = join(rig.folder, 'shallow.git');
    rig.at(rig.folder, 'clone', '-q', '--bare', '--depth', '1', `file://${rig.origin}`, origin);
    const root = join(rig.folder, 'shallow');
    rig.at(rig.folder, 'clone', '-q', `file://${origin}`, root);
    rig.at(root, 'switch', '-q', '-c', 'DEMO-1');
    rig.at(root, 'commit', '-q', '--allow-empty', '-m', 'one');
    const [head = '', fork = ''] = rig.at(root, 'rev-parse', 'HEAD', 'HEAD^').split('\n');
    const item = { item: 'DEMO-1', title: '', branch: 'DEMO-1', head, fork, anchors: [], waivers: [] };
    const done = await rig.land(item, { repository: root }, { folder: join(root, '.git', 'interlock', 'merge') });
    expect(outcomeAs(done, 'INFRA')).toMatchObject({ cause: 'shallow', class: 'permanent-env' });
  });
});

describe('what the gate can’t test or land whole is refused', () => {
  test('submodules, unless the suite does not need them and the item moves none', async () => {
    const rig = makeRig();
    const id = rig.remote() ?? '';
    rig.main({ '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n' });
    const moving = itemOfWorktree(rig, 'DEMO-1', () => {
      rig.git('update-index', '--add', '--cacheinfo', `160000,${id},lib`);
      mkdirSync(join(rig.root, 'lib'));
      // An empty folder stands for a submodule that nobody has checked out: add keeps the entry.
    });
    const main = rig.remote();
    expect(outcomeAs(await rig.land(moving, { submodules: 'empty' }), 'POLICY')).toMatchObject({ rule: 'submodules' });
    const other = rig.item('DEMO-2', { 'two.txt': 'two\n' });
    expect(outcomeAs(await rig.land(other), 'POLICY')).toMatchObject({ rule: 'submodules' });
    expect(rig.remote()).toBe(main);
    outcomeAs(await rig.land(other, { submodules: 'empty' }), 'LANDED');
  });

  test('files in LFS without git-lfs', async () => {
    const rig = makeRig();
    rig.main({ 'media/.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n' });
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    expect(outcomeAs(await rig.land(item), 'INFRA')).toMatchObject({ cause: 'lfs-missing', class: 'permanent-env' });
    expect(rig.ran).toEqual([]);
  });

  test('an old git, with the version that is needed', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const bin = join(rig.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.34.1\n', { mode: 0o755 });
    const done = await rig.land(item, {}, { env: { ...rig.env, PATH: `${bin}:${rig.env['PATH']}` } });
    expect(outcomeAs(done, 'INFRA')).toMatchObject({ cause: 'git-too-old' });
    expect(outcomeAs(done, 'INFRA').detail).toContain('2.38');
  });

  test('a remote with several push addresses', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.git('remote', 'set-url', '--add', '--push', 'origin', rig.origin);
    rig.git('remote', 'set-url', '--add', '--push', 'origin', join(rig.folder, 'second.git'));
    expect(outcomeAs(await rig.land(item), 'POLICY')).toMatchObject({ rule: 'several-push-addresses' });
  });
});

describe('without a remote', () => {
  test('the local base moves by compare-and-swap; the branch stays for the cleanup', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    rig.hook(join(rig.root, '.git'), 'pre-receive', 'exit 1');
    const done = await rig.land(item, { remote: '', receipt: true });
    const { commit, receipt } = outcomeAs(done, 'LANDED');
    expect(receipt).toBe('written');
    expect(rig.git('rev-parse', 'main', 'DEMO-1').split('\n')).toEqual([commit, item.head]);
    expect(rig.git('status', '--porcelain')).toBe('');
  });

  test.each(['updateInstead', 'ignore'])(
    'a base that is checked out is never moved, whatever git is set to (%s)',
    async (setting) => {
      const rig = makeRig();
      const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
      rig.git('config', 'receive.denyCurrentBranch', setting);
      const tree = join(rig.folder, 'main');
      rig.git('worktree', 'add', '-q', tree, 'main');
      const main = rig.git('rev-parse', 'main');
      const done = await rig.land(item, { remote: '' });
      expect(outcomeAs(done, 'POLICY')).toMatchObject({ rule: 'base-checked-out' });
      expect(outcomeAs(done, 'POLICY').detail).toContain(tree);
      // Checked out while the suite ran: git itself refuses.
      rig.at(tree, 'switch', '-q', '--detach');
      const late = await rig.land(
        item,
        { remote: '' },
        {
          reach: (point) => {
            if (point === 'tested') rig.at(tree, 'switch', '-q', 'main');
            return Promise.resolve();
          },
        },
      );
      expect(outcomeAs(late, 'POLICY')).toMatchObject({ rule: 'base-checked-out' });
      expect(rig.git('rev-parse', 'main')).toBe(main);
      expect(rig.at(tree, 'status', '--porcelain')).toBe('');
    },
  );
});
