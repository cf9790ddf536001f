import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository } from './repository-fixture';

const FOLDER = 'docs/work-items';

describe('the tree without a folder', () => {
  test('is the same before and after a report is written into the folder', async () => {
    const repository = makeRepository();
    repository.write('docs/guide.md', 'guide\n');
    const before = repository.commit('code');
    repository.write(`${FOLDER}/A-1/13-test-report.md`, 'PASS');
    repository.write(`${FOLDER}/A-2/name\nwith line break and Grüße`, 'x');
    const after = repository.commit('report');
    const git = await repository.open();
    const tree = await git.treeWithout(after, FOLDER);
    expect(tree).toBe(await git.treeWithout(before, FOLDER));
    expect(tree).toBe(repository.git(['rev-parse', `${before}^{tree}`]));
  });

  test('changes with every other file, also next to the folder and with its name as a prefix', async () => {
    const repository = makeRepository();
    repository.write(`${FOLDER}/A-1/report.md`, 'x');
    const git = await repository.open();
    const seen = new Set([await git.treeWithout(repository.commit('start'), FOLDER)]);
    for (const path of ['readme.md', 'docs/work-items.md', 'docs/work-items-2/x', 'Docs/work-items/x', 'docs/x']) {
      repository.write(path, 'changed');
      seen.add(await git.treeWithout(repository.commit(path), FOLDER));
    }
    expect(seen.size).toBe(6);
  });

  test('names with glob characters and bytes that are no text are left in', async () => {
    const repository = makeRepository();
    repository.write(`${FOLDER}/A-1/report.md`, 'x');
    repository.write('docs/work*', 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([0x66, 0xff])]), 'x');
    const commit = repository.commit('bytes');
    const git = await repository.open();
    const tree = await git.treeWithout(commit, FOLDER);
    expect(repository.git(['ls-tree', '-r', '--name-only', tree]).split('\n').sort()).toEqual([
      '"f\\377"',
      'docs/work*',
      'readme.md',
    ]);
    expect(await git.treeWithout(commit, 'docs/work*/x')).toBe(repository.git(['rev-parse', `${commit}^{tree}`]));
  });

  test("neither the user's index nor anything in the worktree changes, and no file is left behind", async () => {
    const repository = makeRepository();
    repository.write(`${FOLDER}/A-1/report.md`, 'x');
    const commit = repository.commit('report');
    repository.write('staged', 'x');
    repository.git(['add', 'staged']);
    const before = repository.git(['status', '--porcelain=v2']);
    const git = await repository.open();
    await git.treeWithout(commit, FOLDER);
    expect(repository.git(['status', '--porcelain=v2'])).toBe(before);
    expect(readdirSync(join(repository.root, '.git', 'interlock', 'tmp'))).toEqual([]);
  });

  test("a stale index.lock of the user's checkout does not matter", async () => {
    const repository = makeRepository();
    repository.write(`${FOLDER}/A-1/report.md`, 'x');
    const commit = repository.commit('report');
    repository.write('.git/index.lock', '');
    const git = await repository.open();
    expect(await git.treeWithout(commit, FOLDER)).not.toBe(repository.git(['rev-parse', `${commit}^{tree}`]));
  });

  test('a sparse checkout gives the whole tree', async () => {
    const repository = makeRepository();
    repository.write(`${FOLDER}/A-1/report.md`, 'x');
    repository.write('deep/code', 'x');
    const commit = repository.commit('report');
    const git = await repository.open();
    const expected = await git.treeWithout(commit, FOLDER);
    repository.git(['sparse-checkout', 'set', '--sparse-index', 'none']);
    expect(await git.treeWithout(commit, FOLDER)).toBe(expected);
  });

  test('a commit that is not there is an error', async () => {
    const git = await makeRepository().open();
    await expect(git.treeWithout('refs/heads/none', FOLDER)).rejects.toMatchObject({ code: 'missing-commit' });
  });
});
