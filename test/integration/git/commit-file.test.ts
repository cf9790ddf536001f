import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository, type TestRepository } from './repository-fixture';

const PATH = 'docs/work-items/A-1/13-test-report.md';

async function makeItem() {
  const repository = makeRepository();
  const tree = join(repository.folder, 'item tree');
  const git = await repository.open();
  await git.addWorktree(tree, 'work/A-1', 'main');
  const head = repository.git(['rev-parse', 'work/A-1']);
  return { repository, tree, git, head };
}

const status = (repository: TestRepository, cwd: string): string =>
  repository.git(['status', '--porcelain=v1', '-uall'], { cwd });

function indexLock(repository: TestRepository, tree: string): string {
  const lock = `${repository.git(['rev-parse', '--path-format=absolute', '--git-path', 'index'], { cwd: tree })}.lock`;
  writeFileSync(lock, '');
  return lock;
}

describe('committing one file', () => {
  test('the commit holds that file alone, on the branch, and leaves the worktree clean', async () => {
    const { repository, tree, git, head } = await makeItem();
    const text = 'Grüße\r\nno newline at the end';
    const commit = await git.commitFile(tree, PATH, text, 'Test report of A-1\n\nsecond line', head);
    expect(repository.git(['rev-parse', 'work/A-1', `${commit}^`]).split('\n')).toEqual([commit, head]);
    expect(repository.git(['diff-tree', '-r', '--name-status', head, commit])).toBe(`A\t${PATH}`);
    expect(repository.git(['log', '-1', '--format=%an <%ae>%n%B', commit])).toContain(
      'Ada <ada@example.com>\nTest report of A-1\n\nsecond line',
    );
    expect((await git.readFile(commit, PATH))?.toString()).toBe(text);
    expect(readFileSync(join(tree, PATH), 'utf8')).toBe(text);
    expect(status(repository, tree)).toBe('');
    expect(readdirSync(join(tree, 'docs/work-items/A-1'))).toEqual(['13-test-report.md']);
    expect(readdirSync(join(repository.root, '.git', 'interlock', 'tmp'))).toEqual([]);
  });

  test('what is staged, changed and untracked stays as it was', async () => {
    const { repository, tree, git, head } = await makeItem();
    repository.write('staged', 'x', tree);
    repository.git(['add', 'staged'], { cwd: tree });
    repository.write('readme.md', 'changed', tree);
    repository.write('untracked', 'x', tree);
    const before = status(repository, tree);
    const commit = await git.commitFile(tree, PATH, 'text', 'report', head);
    expect(status(repository, tree)).toBe(before);
    expect(repository.git(['diff-tree', '-r', '--name-only', head, commit])).toBe(PATH);
  });

  test('a report written before is replaced, whatever was done to it meanwhile', async () => {
    const { repository, tree, git, head } = await makeItem();
    const first = await git.commitFile(tree, PATH, 'one', 'report', head);
    repository.write(PATH, 'edited by hand', tree);
    repository.git(['add', '-A'], { cwd: tree });
    const second = await git.commitFile(tree, PATH, 'two', 'report', first);
    expect(repository.git(['show', `${second}:${PATH}`])).toBe('two');
    expect(status(repository, tree)).toBe('');
  });

  test('works where the folder is ignored, the checkout is sparse, or attributes rewrite line ends', async () => {
    const { repository, tree, git } = await makeItem();
    repository.write('.gitignore', 'docs/\n', tree);
    repository.write('.gitattributes', '*.md text eol=crlf\n', tree);
    const head = repository.commit('ignore', tree);
    repository.git(['sparse-checkout', 'set', 'none'], { cwd: tree });
    const commit = await git.commitFile(tree, PATH, 'a\nb\n', 'report', head);
    expect((await git.readFile(commit, PATH))?.toString()).toBe('a\nb\n');
    expect(status(repository, tree)).toBe('');
  });

  test('without user.name and user.email the author is Interlock', async () => {
    const { repository, tree, git, head } = await makeItem();
    repository.git(['config', '--unset', 'user.name']);
    repository.git(['config', 'user.useConfigOnly', 'true']);
    const commit = await git.commitFile(tree, PATH, 'text', 'report', head);
    expect(repository.git(['log', '-1', '--format=%an|%ae|%cn|%ce', commit])).toBe(
      'Interlock|interlock@localhost|Interlock|interlock@localhost',
    );
  });

  test('a branch that moved is not touched, and no file is written', async () => {
    const { repository, tree, git, head } = await makeItem();
    repository.write('more', 'x', tree);
    const moved = repository.commit('more', tree);
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({
      code: 'head-moved',
      facts: { expected: head, actual: moved },
    });
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(moved);
    expect(existsSync(join(tree, 'docs'))).toBe(false);
  });

  test('of two commits at once from the same head one wins and the other is told', async () => {
    const { repository, tree, git, head } = await makeItem();
    const outcomes = await Promise.allSettled(
      ['one', 'two'].map((name) => git.commitFile(tree, `docs/work-items/A-1/${name}.md`, name, name, head)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ code: 'head-moved' });
    expect(repository.git(['rev-list', '--count', `${head}..work/A-1`])).toBe('1');
  });

  test('asking again for what is committed gives the present head, also with the old expectation', async () => {
    const { repository, tree, git, head } = await makeItem();
    const commit = await git.commitFile(tree, PATH, 'text', 'report', head);
    expect(await git.commitFile(tree, PATH, 'text', 'report', head)).toBe(commit);
    expect(await git.commitFile(tree, PATH, 'text', 'report', commit)).toBe(commit);
    expect(repository.git(['rev-list', '--count', `${head}..work/A-1`])).toBe('1');
  });

  test('asking again repairs what a crash right after the commit left', async () => {
    const { repository, tree, git, head } = await makeItem();
    const commit = await git.commitFile(tree, PATH, 'text', 'report', head);
    repository.git(['rm', '-q', '--cached', PATH], { cwd: tree });
    rmSync(join(tree, PATH));
    expect(await git.commitFile(tree, PATH, 'text', 'report', head)).toBe(commit);
    expect(status(repository, tree)).toBe('');
  });

  test('a detached head is an error', async () => {
    const { repository, tree, git, head } = await makeItem();
    repository.git(['switch', '-q', '--detach'], { cwd: tree });
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({ code: 'detached' });
    expect(existsSync(join(tree, 'docs'))).toBe(false);
  });

  test('a missing worktree and a foreign folder are errors of their own', async () => {
    const { repository, tree, git, head } = await makeItem();
    rmSync(tree, { recursive: true });
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({
      code: 'worktree-missing',
    });
    await expect(git.commitFile(repository.folder, PATH, 'text', 'report', head)).rejects.toMatchObject({
      code: 'not-a-worktree',
    });
  });

  test('a stale index.lock is an error that names the file, before anything is written', async () => {
    const { repository, tree, git, head } = await makeItem();
    const lock = indexLock(repository, tree);
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({
      code: 'locked',
      facts: { file: lock },
      remedy: expect.stringContaining(lock),
    });
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(head);
    expect(existsSync(join(tree, 'docs'))).toBe(false);
  });

  test('an index.lock that goes away is waited for', async () => {
    const { repository, tree, head } = await makeItem();
    const patient = await repository.open(20_000);
    const lock = indexLock(repository, tree);
    const committed = patient.commitFile(tree, PATH, 'text', 'report', head);
    setTimeout(() => rmSync(lock), 200);
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(head);
    expect(await committed).toBe(repository.git(['rev-parse', 'work/A-1']));
  });

  test("a lock on the branch's reference is an error that names the file", async () => {
    const { repository, tree, git, head } = await makeItem();
    repository.write('.git/refs/heads/work/A-1.lock', '');
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({
      code: 'locked',
      facts: { file: join(repository.root, '.git', 'refs', 'heads', 'work', 'A-1.lock') },
    });
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(head);
  });

  test('a link in the branch leads no write out of the worktree', async () => {
    const { repository, tree, git } = await makeItem();
    mkdirSync(join(repository.folder, 'outside'));
    symlinkSync(join(repository.folder, 'outside'), join(tree, 'docs'));
    const head = repository.commit('link', tree);
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({ code: 'path-outside' });
    expect(readdirSync(join(repository.folder, 'outside'))).toEqual([]);
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(head);
  });

  test('a link in the place of the file is replaced, its target is not written', async () => {
    const { repository, tree, git } = await makeItem();
    repository.write('../outside', 'precious');
    mkdirSync(join(tree, 'docs/work-items/A-1'), { recursive: true });
    symlinkSync(join(repository.folder, 'outside'), join(tree, PATH));
    const head = repository.commit('link', tree);
    await git.commitFile(tree, PATH, 'text', 'report', head);
    expect(readFileSync(join(repository.folder, 'outside'), 'utf8')).toBe('precious');
    expect(readFileSync(join(tree, PATH), 'utf8')).toBe('text');
    expect(status(repository, tree)).toBe('');
  });

  test('paths that lead out or into .git are refused', async () => {
    const { tree, git, head } = await makeItem();
    for (const path of ['../x', '/x', 'a/../../x', '.git/hooks/x', 'a/.GIT/x', 'C:/x', 'a\\b', 'a//b', './a', ''])
      await expect(git.commitFile(tree, path, 'text', 'report', head)).rejects.toMatchObject({ code: 'path-outside' });
  });

  test('a file in the place of a folder is an error and nothing is committed', async () => {
    const { repository, tree, git } = await makeItem();
    repository.write('docs', 'a file', tree);
    const head = repository.commit('docs', tree);
    await expect(git.commitFile(tree, PATH, 'text', 'report', head)).rejects.toMatchObject({ code: 'path-outside' });
    expect(repository.git(['rev-parse', 'work/A-1'])).toBe(head);
  });
});
