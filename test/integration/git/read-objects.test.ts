import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository } from './repository-fixture';

describe('reading commits', () => {
  test('a name without a commit is null, a damaged one throws', async () => {
    const repository = makeRepository();
    const git = await repository.open();
    const head = repository.git(['rev-parse', 'HEAD']);
    expect(await git.commitOf('refs/heads/main')).toBe(head);
    expect(await git.commitOf('refs/heads/none')).toBeNull();
    expect(await git.commitOf('refs/heads/a name')).toBeNull();
    await expect(git.commitOf('--all')).rejects.toMatchObject({ code: 'bad-name' });
    writeFileSync(join(repository.root, '.git', 'refs', 'heads', 'broken'), 'garbage\n');
    writeFileSync(join(repository.root, '.git', 'refs', 'heads', 'dangling'), `${'1'.repeat(40)}\n`);
    for (const name of ['broken', 'dangling'])
      await expect(git.commitOf(`refs/heads/${name}`)).rejects.toMatchObject({
        code: 'damaged',
        facts: { name: `refs/heads/${name}` },
      });
    repository.git(['branch', 'folder/branch']);
    expect(await git.commitOf('refs/heads/folder')).toBeNull();
  });

  test('a commit whose objects are gone throws instead of saying that there is no file', async () => {
    const repository = makeRepository();
    const git = await repository.open();
    const head = repository.git(['rev-parse', 'HEAD']);
    const tree = repository.git(['rev-parse', 'HEAD^{tree}']);
    rmSync(join(repository.root, '.git', 'objects', tree.slice(0, 2), tree.slice(2)));
    await expect(git.readFile(head, 'readme.md')).rejects.toMatchObject({ code: 'failed' });
  });

  test('files are read as bytes, by their literal name', async () => {
    const repository = makeRepository();
    const bytes = Buffer.from([0, 255, 10, 13, 10, 128]);
    const names = ['with space', 'line\nbreak', 'grüße/日本', '-dash', ':(top)x', 'glob*', 'tab\there', '"quoted"'];
    for (const name of names) repository.write(name, Buffer.concat([Buffer.from(name), bytes]));
    const commit = repository.commit('names');
    const git = await repository.open();
    for (const name of names)
      expect(await git.readFile(commit, name)).toEqual(Buffer.concat([Buffer.from(name), bytes]));
    for (const none of ['missing', 'glob', 'grüße/none', 'WITH SPACE'])
      expect(await git.readFile(commit, none)).toBeNull();
  });

  test('a link or a folder where a file should be is an error, not a missing file', async () => {
    const repository = makeRepository();
    symlinkSync('readme.md', join(repository.root, 'interlock.json'));
    mkdirSync(join(repository.root, 'folder'));
    repository.write('folder/x', '');
    const commit = repository.commit('link');
    const git = await repository.open();
    await expect(git.readFile(commit, 'interlock.json')).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(git.readFile(commit, 'folder')).rejects.toMatchObject({ code: 'not-a-file' });
  });

  test('a replacement object does not change what a commit holds', async () => {
    const repository = makeRepository();
    const honest = repository.git(['rev-parse', 'HEAD']);
    repository.write('readme.md', 'forged\n');
    repository.git(['add', '-A']);
    const forged = repository.git(['commit-tree', '-m', 'forged', repository.git(['write-tree'])]);
    repository.git(['replace', honest, forged]);
    expect(repository.git(['show', `${honest}:readme.md`])).toBe('forged');
    const git = await repository.open();
    expect((await git.readFile(honest, 'readme.md'))?.toString()).toBe('first\n');
  });

  test('ancestors and merge bases', async () => {
    const repository = makeRepository();
    const git = await repository.open();
    const first = repository.git(['rev-parse', 'HEAD']);
    const second = repository.commit('second');
    repository.git(['switch', '-q', '-c', 'side', first]);
    const side = repository.commit('side');
    repository.git(['switch', '-q', '--orphan', 'alone']);
    const alone = repository.commit('alone');
    expect(await git.isAncestor(first, second)).toBe(true);
    expect(await git.isAncestor(second, first)).toBe(false);
    expect(await git.mergeBase(second, side)).toBe(first);
    expect(await git.mergeBase(second, alone)).toBeNull();
    await expect(git.isAncestor('1'.repeat(40), first)).rejects.toMatchObject({ code: 'missing-commit' });
  });

  test('a shallow clone cannot say "not an ancestor"', async () => {
    const repository = makeRepository();
    const first = repository.git(['rev-parse', 'HEAD']);
    repository.commit('second');
    const clone = makeRepository('clone');
    clone.git(['fetch', '-q', '--depth=1', `file://${repository.root}`, 'main']);
    clone.git(['fetch', '-q', '--depth=1', `file://${repository.root}`, `${first}`]);
    const git = await clone.open();
    const tip = repository.git(['rev-parse', 'main']);
    await expect(git.isAncestor(first, tip)).rejects.toMatchObject({
      code: 'shallow',
      remedy: expect.stringContaining('--unshallow'),
    });
    await expect(git.mergeBase(first, tip)).rejects.toMatchObject({ code: 'shallow' });
  });
});

describe('reading a file as it lies in a worktree', () => {
  test('bytes, or null where there is none', async () => {
    const repository = makeRepository();
    repository.write('docs/work-items/A-1/report.md', 'text');
    const git = await repository.open();
    expect((await git.readWorktreeFile(repository.root, 'docs/work-items/A-1/report.md'))?.toString()).toBe('text');
    expect(await git.readWorktreeFile(repository.root, 'docs/none/report.md')).toBeNull();
    expect(await git.readWorktreeFile(join(repository.folder, 'gone'), 'x')).toBeNull();
  });

  test('links, folders and pipes are refused: nothing outside is read and nothing is waited for', async () => {
    const repository = makeRepository();
    repository.write('../secret', 'secret');
    symlinkSync('../secret', join(repository.root, 'link'));
    symlinkSync('..', join(repository.root, 'up'));
    execFileSync('mkfifo', [join(repository.root, 'pipe')]);
    const git = await repository.open();
    for (const path of ['link', 'up/secret', 'pipe', '.git/hooks', '../secret', '/etc/passwd', 'a/../../secret', ''])
      await expect(git.readWorktreeFile(repository.root, path)).rejects.toMatchObject({
        code: expect.stringMatching(/^(not-a-file|path-outside)$/),
      });
    expect(readdirSync(repository.root)).toContain('pipe');
  });
});
