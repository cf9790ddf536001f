import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository, type TestRepository } from './repository-fixture';

const FOLDER = 'docs/work-items';

/** `main` with a file of twenty lines, and a branch `item` that changed its line 10 and added a file. */
function makeItem(): { repository: TestRepository; fork: string; head: string } {
  const repository = makeRepository();
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  repository.write('code', lines.join('\n'));
  const fork = repository.commit('fork');
  repository.git(['switch', '-q', '-c', 'item']);
  repository.write('code', lines.with(10, 'changed by the item').join('\n'));
  repository.write('new file', 'new\n');
  repository.commit('work');
  repository.write(`${FOLDER}/A-1/13-test-report.md`, 'PASS');
  const head = repository.commit('report');
  repository.git(['switch', '-q', 'main']);
  return { repository, fork, head };
}

describe('whether a branch has landed, by content', () => {
  test('nothing of it is there: missing', async () => {
    const { repository, fork, head } = makeItem();
    const git = await repository.open();
    expect(await git.containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('missing');
    repository.write('other', 'x');
    repository.commit('other work');
    expect(await git.containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('missing');
  });

  test('half of it is there: missing', async () => {
    const { repository, fork, head } = makeItem();
    repository.git(['checkout', head, '--', 'new file']);
    repository.commit('half');
    expect(await (await repository.open()).containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('missing');
  });

  test.each([
    ['merged', ['merge', '-q', '--no-ff', '--no-edit', 'item']],
    ['fast-forwarded', ['merge', '-q', '--ff-only', 'item']],
    ['squashed', ['merge', '-q', '--squash', 'item']],
    ['cherry-picked', ['cherry-pick', 'main..item']],
  ])('%s, with other work before and after it: contained', async (how, args) => {
    const { repository, fork, head } = makeItem();
    if (how !== 'fast-forwarded') {
      repository.write('before', 'x');
      repository.commit('other work before');
    }
    repository.git(args);
    repository.write('after', 'x');
    repository.commit('other work after');
    expect(await (await repository.open()).containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('contained');
  });

  test('squashed without the artifacts: contained', async () => {
    const { repository, fork, head } = makeItem();
    repository.git(['merge', '-q', '--squash', 'item']);
    repository.git(['rm', '-r', '-q', '--cached', 'docs']);
    repository.git(['commit', '-q', '-m', 'squash']);
    expect(await (await repository.open()).containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('contained');
  });

  test('merged and reverted later: missing, although the commit is an ancestor', async () => {
    const { repository, fork, head } = makeItem();
    repository.git(['merge', '-q', '--no-ff', '--no-edit', 'item']);
    repository.git(['revert', '--no-edit', '-m', '1', 'HEAD']);
    const git = await repository.open();
    expect(await git.isAncestor(head, 'refs/heads/main')).toBe(true);
    expect(await git.containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('missing');
  });

  test('the same lines changed otherwise: conflict', async () => {
    const { repository, fork, head } = makeItem();
    repository.write('code', 'all other\n');
    repository.commit('rewritten');
    expect(await (await repository.open()).containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('conflict');
  });

  test('a branch that only holds artifacts is empty, never contained', async () => {
    const repository = makeRepository();
    const fork = repository.git(['rev-parse', 'HEAD']);
    repository.write(`${FOLDER}/A-1/13-test-report.md`, 'PASS');
    const head = repository.commit('report');
    expect(await (await repository.open()).containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('empty');
  });

  test.each([
    ['.gitattributes', '* merge=ours\n'],
    ['.git/.gitattributes', '* merge=ours\n'],
    ['.git/info/attributes', '* merge=ours\n'],
    ['../home/.gitconfig', '[merge]\n\tdefault = mine\n[merge "mine"]\n\tdriver = true\n'],
  ])('a merge driver that %s chooses does not hide missing work', async (file, text) => {
    const { repository, fork, head } = makeItem();
    repository.git(['config', 'merge.ours.driver', 'true']);
    repository.write('code', 'all other\n');
    repository.commit('rewritten');
    repository.write(file, text);
    const git = await repository.open();
    expect(await git.containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('conflict');
    expect(readdirSync(join(repository.root, '.git', 'interlock', 'tmp'))).toEqual([]);
  });

  test('a repository with SHA-256 is asked alike', async () => {
    const repository = makeRepository();
    rmSync(join(repository.root, '.git'), { recursive: true });
    repository.git(['init', '-q', '-b', 'main', '--object-format=sha256']);
    repository.git(['config', 'user.name', 'Ada']);
    repository.git(['config', 'user.email', 'ada@example.com']);
    const fork = repository.commit('fork');
    repository.write('new', 'x');
    const head = repository.commit('work');
    const git = await repository.open();
    expect(await git.containsChanges(fork, fork, head, FOLDER)).toBe('missing');
    expect(await git.containsChanges('refs/heads/main', fork, head, FOLDER)).toBe('contained');
  });

  test('asking again makes the same objects: their dates are fixed', async () => {
    const { repository, fork, head } = makeItem();
    const git = await repository.open();
    await git.containsChanges('refs/heads/main', fork, head, FOLDER);
    const objects = repository.git(['cat-file', '--batch-all-objects', '--batch-check']);
    const commits = objects.split('\n').filter((line) => line.includes(' commit '));
    const texts = commits.map((line) => repository.git(['cat-file', 'commit', line.split(' ')[0] ?? '']));
    const made = texts.filter((text) => text.includes('Synthetic commit'));
    expect(made.length).toBe(3);
    for (const text of made)
      for (const role of ['author', 'committer'])
        expect(text).toContain(`\n${role} Interlock <interlock@localhost> 0 +0000\n`);
  });

  test('a commit that is not there is an error, not "missing"', async () => {
    const { repository, fork, head } = makeItem();
    const git = await repository.open();
    for (const [target, from, to] of [
      ['refs/heads/none', fork, head],
      ['refs/heads/main', '1'.repeat(40), head],
      ['refs/heads/main', fork, '2'.repeat(40)],
    ] as const)
      await expect(git.containsChanges(target, from, to, FOLDER)).rejects.toMatchObject({ code: 'missing-commit' });
  });
});
