import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository } from './repository-fixture';

describe('adding a worktree', () => {
  test('makes the parent folders and the branch at its base; a second call changes nothing', async () => {
    const repository = makeRepository();
    const base = repository.git(['rev-parse', 'main']);
    const path = join(repository.folder, 'a project.worktrees', 'Grüße\n1', 'A-1');
    const git = await repository.open();
    await git.addWorktree(path, 'work/A-1', base);
    expect(await git.worktree(path)).toEqual({ state: 'present', head: base, branch: 'work/A-1', dirty: [] });
    writeFileSync(join(path, 'mine'), 'x');
    await git.addWorktree(path, 'work/A-1', base);
    expect(readFileSync(join(path, 'mine'), 'utf8')).toBe('x');
    expect(await git.findWorktreeOf('work/A-1')).toBe(path);
    expect(await git.findWorktreeOf('none')).toBeNull();
    expect(readFileSync(join(repository.root, '.git', 'config'), 'utf8')).not.toContain('[branch');
  });

  test('takes an existing branch as it is, whatever the base', async () => {
    const repository = makeRepository();
    repository.git(['switch', '-q', '-c', 'feature']);
    const head = repository.commit('on the branch');
    repository.git(['switch', '-q', 'main']);
    const base = repository.commit('main went on');
    const path = join(repository.folder, 'tree');
    const git = await repository.open();
    await git.addWorktree(path, 'feature', base);
    expect(await git.worktree(path)).toMatchObject({ head, branch: 'feature' });
  });

  test('a branch that is checked out elsewhere is refused, naming that worktree', async () => {
    const repository = makeRepository();
    const path = join(repository.folder, 'tree');
    const git = await repository.open();
    await expect(git.addWorktree(path, 'main', 'main')).rejects.toMatchObject({
      code: 'branch-checked-out',
      facts: { path: repository.root, branch: 'main' },
      detail: expect.stringContaining(repository.root),
    });
    expect(existsSync(path)).toBe(false);
  });

  test('a branch on record for a worktree whose folder is gone is refused, naming the place', async () => {
    const repository = makeRepository();
    const old = join(repository.folder, 'old place');
    const git = await repository.open();
    await git.addWorktree(old, 'feature', 'main');
    rmSync(old, { recursive: true });
    await expect(git.addWorktree(join(repository.folder, 'new'), 'feature', 'main')).rejects.toMatchObject({
      code: 'worktree-registered-elsewhere',
      facts: { path: old },
      remedy: expect.stringContaining("git worktree remove -f -- '"),
    });
  });

  test('a worktree whose folder was removed is made again in its place, with its branch untouched', async () => {
    const repository = makeRepository();
    const path = join(repository.folder, 'tree');
    const git = await repository.open();
    await git.addWorktree(path, 'feature', 'main');
    const head = repository.commit('work', path);
    rmSync(path, { recursive: true });
    expect(await git.worktree(path)).toEqual({ state: 'missing' });
    await git.addWorktree(path, 'feature', 'main');
    expect(await git.worktree(path)).toMatchObject({ head, branch: 'feature' });
  });

  test("somebody's folder is never used, an empty one is", async () => {
    const repository = makeRepository();
    const git = await repository.open();
    const taken = join(repository.folder, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'file'), 'mine');
    await expect(git.addWorktree(taken, 'feature', 'main')).rejects.toMatchObject({
      code: 'folder-in-use',
      facts: { path: taken },
    });
    const file = join(repository.folder, 'file');
    writeFileSync(file, 'mine');
    await expect(git.addWorktree(file, 'feature', 'main')).rejects.toMatchObject({ code: 'folder-in-use' });
    await expect(git.addWorktree(join(file, 'below'), 'feature', 'main')).rejects.toMatchObject({
      code: 'not-writable',
    });
    expect(await git.commitOf('refs/heads/feature')).toBeNull();
    const empty = join(repository.folder, 'empty');
    mkdirSync(empty);
    await git.addWorktree(empty, 'feature', 'main');
    expect((await git.worktree(empty)).state).toBe('present');
  });

  test('a worktree that stands on another branch is not switched', async () => {
    const repository = makeRepository();
    const path = join(repository.folder, 'tree');
    const git = await repository.open();
    await git.addWorktree(path, 'feature', 'main');
    await expect(git.addWorktree(path, 'other', 'main')).rejects.toMatchObject({
      code: 'worktree-on-other-branch',
      facts: { actual: 'feature', branch: 'other' },
    });
    expect(await git.commitOf('refs/heads/other')).toBeNull();
  });

  test('a worktree that git did not finish is reported, not used', async () => {
    const repository = makeRepository();
    const path = join(repository.folder, 'tree');
    const git = await repository.open();
    await git.addWorktree(path, 'feature', 'main');
    repository.git(['worktree', 'lock', '--reason', 'initializing', path]);
    await expect(git.addWorktree(path, 'feature', 'main')).rejects.toMatchObject({
      code: 'worktree-half-made',
      remedy: expect.stringContaining('git worktree remove -f -f'),
    });
  });

  test('names that git would read as something else are refused', async () => {
    const repository = makeRepository();
    const git = await repository.open();
    for (const name of ['-b', '--force', 'a..b', 'a b', '@{-1}', 'HEAD', ''])
      await expect(git.addWorktree(join(repository.folder, 'tree'), name, 'main')).rejects.toMatchObject({
        code: 'bad-name',
      });
  });

  test('a base that does not exist is refused before anything is made', async () => {
    const repository = makeRepository();
    const git = await repository.open();
    const path = join(repository.folder, 'parent', 'tree');
    await expect(git.addWorktree(path, 'feature', '1'.repeat(40))).rejects.toMatchObject({ code: 'missing-commit' });
    expect(existsSync(join(repository.folder, 'parent'))).toBe(false);
  });

  test("a lock on the branch's reference is an error that names the file", async () => {
    const repository = makeRepository();
    repository.write('.git/refs/heads/feature.lock', '');
    const git = await repository.open();
    const file = join(repository.root, '.git', 'refs', 'heads', 'feature.lock');
    await expect(git.addWorktree(join(repository.folder, 'tree'), 'feature', 'main')).rejects.toMatchObject({
      code: 'locked',
      facts: { file },
      remedy: expect.stringContaining(file),
    });
  });
});

describe('the state of a worktree', () => {
  test('changed, staged, removed and untracked paths, names as they are', async () => {
    const repository = makeRepository();
    repository.write('gone', 'x');
    repository.commit('files');
    repository.write('readme.md', 'changed');
    repository.write('staged', 'x');
    repository.git(['add', 'staged']);
    repository.write('line\nbreak "ä"', 'x');
    repository.write('folder/one', 'x');
    rmSync(join(repository.root, 'gone'));
    const state = await (await repository.open()).worktree(repository.root);
    expect(state.state === 'present' && state.dirty.sort()).toEqual([
      'folder/',
      'gone',
      'line\nbreak "ä"',
      'readme.md',
      'staged',
    ]);
  });

  test('at most 50 paths', async () => {
    const repository = makeRepository();
    for (let index = 0; index < 60; index++) repository.write(`file ${index}`, 'x');
    const state = await (await repository.open()).worktree(repository.root);
    expect(state.state === 'present' && state.dirty.length).toBe(50);
  });

  test('a setting of the user does not hide untracked files', async () => {
    const repository = makeRepository();
    repository.git(['config', 'status.showUntrackedFiles', 'no']);
    repository.write('untracked', 'x');
    expect(await (await repository.open()).worktree(repository.root)).toMatchObject({ dirty: ['untracked'] });
  });

  test('a detached head has no branch', async () => {
    const repository = makeRepository();
    repository.git(['switch', '-q', '--detach']);
    expect(await (await repository.open()).worktree(repository.root)).toMatchObject({ state: 'present', branch: null });
  });

  test('missing, a file, a plain folder, a folder inside, another repository: each says what it is', async () => {
    const repository = makeRepository();
    const other = makeRepository('other');
    const git = await repository.open();
    expect(await git.worktree(join(repository.folder, 'none'))).toEqual({ state: 'missing' });
    const cases = [
      [join(repository.root, 'readme.md'), 'not a folder'],
      [repository.folder, 'not a git repository'],
      [join(repository.root, 'inside'), 'inside the worktree'],
      [other.root, 'belongs to'],
    ] as const;
    mkdirSync(join(repository.root, 'inside'));
    for (const [path, detail] of cases)
      expect(await git.worktree(path)).toEqual({ state: 'not-a-worktree', detail: expect.stringContaining(detail) });
  });

  test('a branch without commits is no state to work from', async () => {
    const repository = makeRepository();
    repository.git(['switch', '-q', '--orphan', 'empty']);
    expect(await (await repository.open()).worktree(repository.root)).toMatchObject({ state: 'not-a-worktree' });
  });

  test('a stale index.lock does not matter', async () => {
    const repository = makeRepository();
    repository.write('.git/index.lock', '');
    expect(await (await repository.open()).worktree(repository.root)).toMatchObject({ state: 'present', dirty: [] });
  });

  test('reading writes nothing: not even the index is refreshed', async () => {
    const repository = makeRepository();
    const file = join(repository.root, '.git', 'index');
    utimesSync(join(repository.root, 'readme.md'), 1, 1);
    const before = readFileSync(file);
    expect(await (await repository.open()).worktree(repository.root)).toMatchObject({ state: 'present', dirty: [] });
    expect(readFileSync(file)).toEqual(before);
    repository.git(['status']);
    expect(readFileSync(file)).not.toEqual(before);
  });
});
