import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRepository } from '../../../extension/git/open-repository';
import { makeFolder, makeRepository } from './repository-fixture';

describe('openRepository', () => {
  test('leads from any folder and any worktree to the main worktree', async () => {
    const repository = makeRepository('naïve\nname ');
    const linked = join(repository.folder, 'linked tree');
    repository.git(['worktree', 'add', '-q', linked, '-b', 'other']);
    repository.write('deep/er/file', 'x');
    const expected = {
      root: repository.root,
      name: 'naïve\nname ',
      commonDir: join(repository.root, '.git'),
      stateDir: join(repository.root, '.git', 'interlock'),
    };
    for (const cwd of [repository.root, join(repository.root, 'deep', 'er'), linked, join(repository.root, '.git')])
      expect(await openRepository(cwd, repository.env)).toEqual(expected);
  });

  test('a submodule is a repository of its own', async () => {
    const inner = makeRepository('inner');
    const outer = makeRepository('outer');
    outer.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'lib']);
    const opened = await openRepository(join(outer.root, 'lib'), outer.env);
    expect(opened.root).toBe(join(outer.root, 'lib'));
    expect(opened.commonDir).toBe(join(outer.root, '.git', 'modules', 'lib'));
  });

  test('a folder outside, and one that is missing, are no repository', async () => {
    const { folder, env } = makeFolder();
    await expect(openRepository(folder, env)).rejects.toMatchObject({
      code: 'not-a-repository',
      remedy: expect.stringContaining('git init'),
    });
    await expect(openRepository(join(folder, 'missing'), env)).rejects.toMatchObject({ code: 'not-a-repository' });
  });

  test('a repository that git will not read is not called missing, and git is quoted', async () => {
    const repository = makeRepository();
    writeFileSync(join(repository.root, '.git', 'HEAD'), 'garbage\n');
    await expect(openRepository(repository.root, repository.env)).rejects.toMatchObject({
      code: 'refused',
      detail: expect.stringContaining(repository.root),
    });
  });

  test('a bare repository is refused, also from a worktree of it', async () => {
    const repository = makeRepository();
    const bare = join(repository.folder, 'bare.git');
    repository.git(['clone', '-q', '--bare', '.', bare]);
    repository.git(['worktree', 'add', '-q', join(repository.folder, 'tree'), 'main'], { cwd: bare });
    await expect(openRepository(bare, repository.env)).rejects.toMatchObject({ code: 'bare' });
    await expect(openRepository(join(repository.folder, 'tree'), repository.env)).rejects.toMatchObject({
      code: 'bare',
    });
  });

  test('a repository without commits says so', async () => {
    const repository = makeRepository();
    rmSync(join(repository.root, '.git'), { recursive: true });
    repository.git(['init', '-q']);
    await expect(openRepository(repository.root, repository.env)).rejects.toMatchObject({
      code: 'no-commits',
      remedy: expect.stringContaining('first commit'),
    });
  });

  test('without git on PATH it says what to install', async () => {
    const { folder, env } = makeFolder();
    await expect(openRepository(folder, { ...env, PATH: folder })).rejects.toMatchObject({
      code: 'git-missing',
      remedy: expect.stringContaining('2.38'),
    });
  });

  test.each(['git version 2.37.9', 'git version 1.99.0', 'nonsense'])('"%s" is too old', async (version) => {
    const { folder, env } = makeFolder();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho '${version}'\n`);
    chmodSync(join(bin, 'git'), 0o755);
    await expect(openRepository(folder, { ...env, PATH: bin })).rejects.toMatchObject({
      code: 'git-too-old',
      detail: expect.stringContaining(version),
    });
  });

  test('GIT_DIR of the caller does not lead elsewhere', async () => {
    const repository = makeRepository('here');
    const elsewhere = makeRepository('elsewhere');
    const env = { ...repository.env, GIT_DIR: join(elsewhere.root, '.git'), GIT_WORK_TREE: elsewhere.root };
    expect((await openRepository(repository.root, env)).root).toBe(repository.root);
  });
});
