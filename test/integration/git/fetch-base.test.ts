import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeRepository, type TestRepository } from './repository-fixture';

/** A repository whose `origin` is a bare clone, one commit ahead of it. */
function makeWithOrigin(): { repository: TestRepository; origin: string; ahead: string } {
  const repository = makeRepository();
  const origin = join(repository.folder, 'origin.git');
  repository.git(['clone', '-q', '--bare', '.', origin]);
  repository.git(['remote', 'add', 'origin', origin]);
  repository.git(['fetch', '-q', 'origin']);
  const ahead = repository.commit('ahead');
  repository.git(['push', '-q', origin, 'main']);
  repository.git(['reset', '-q', '--hard', 'HEAD^']);
  return { repository, origin, ahead };
}

describe('fetching the base branch', () => {
  test("gives the remote's commit in a private reference and leaves the user's references alone", async () => {
    const { repository, ahead } = makeWithOrigin();
    const before = repository.git(['rev-parse', 'refs/remotes/origin/main', 'refs/heads/main']);
    rmSync(join(repository.root, '.git', 'FETCH_HEAD'), { force: true });
    const git = await repository.open();
    expect(await git.fetchBase('origin', 'main')).toBe(ahead);
    expect(repository.git(['rev-parse', 'refs/interlock/base/main'])).toBe(ahead);
    expect(repository.git(['rev-parse', 'refs/remotes/origin/main', 'refs/heads/main'])).toBe(before);
    expect(existsSync(join(repository.root, '.git', 'FETCH_HEAD'))).toBe(false);
  });

  test('follows a remote that was rewound', async () => {
    const { repository, origin } = makeWithOrigin();
    const git = await repository.open();
    await git.fetchBase('origin', 'main');
    const back = repository.git(['rev-parse', 'main']);
    repository.git(['push', '-q', '--force', origin, 'main']);
    expect(await git.fetchBase('origin', 'main')).toBe(back);
  });

  test('a stale lock on the remote-tracking branch does not matter, one on the private reference is named', async () => {
    const { repository, ahead } = makeWithOrigin();
    repository.write('.git/refs/remotes/origin/main.lock', '');
    const git = await repository.open();
    expect(await git.fetchBase('origin', 'main')).toBe(ahead);
    rmSync(join(repository.root, '.git', 'refs', 'interlock'), { recursive: true });
    repository.write('.git/refs/interlock/base/main.lock', '');
    await expect(git.fetchBase('origin', 'main')).rejects.toMatchObject({
      code: 'locked',
      facts: { file: join(repository.root, '.git', 'refs', 'interlock', 'base', 'main.lock') },
    });
  });

  test('no such remote, no such branch and an unreachable remote are told apart', async () => {
    const { repository, origin } = makeWithOrigin();
    const git = await repository.open();
    await expect(git.fetchBase('upstream', 'main')).rejects.toMatchObject({ code: 'no-such-remote' });
    await expect(git.fetchBase('origin', 'none')).rejects.toMatchObject({ code: 'no-such-branch' });
    rmSync(origin, { recursive: true });
    await expect(git.fetchBase('origin', 'main')).rejects.toMatchObject({
      code: 'remote-unreachable',
      facts: { remote: 'origin' },
    });
  });

  test('a name that is an address is never contacted', async () => {
    const { repository } = makeWithOrigin();
    repository.git(['config', 'protocol.ext.allow', 'always']);
    const git = await repository.open();
    const ran = join(repository.folder, 'ran');
    for (const name of [`ext::touch ${ran}`, '../origin.git', '/origin.git', 'origin.git', '--upload-pack=x'])
      await expect(git.fetchBase(name, 'main')).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad-name|no-such-remote)$/),
      });
    expect(existsSync(ran)).toBe(false);
  });

  test('a branch name that is a pattern or a refspec is refused', async () => {
    const { repository } = makeWithOrigin();
    const git = await repository.open();
    for (const name of ['*', 'main:refs/heads/main', '+main', '-x']) {
      if (name === '+main')
        await expect(git.fetchBase('origin', name)).rejects.toMatchObject({ code: 'no-such-branch' });
      else await expect(git.fetchBase('origin', name)).rejects.toMatchObject({ code: 'bad-name' });
    }
    expect(readFileSync(join(repository.root, '.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
  });
});

describe('the branch that the configuration is looked for on', () => {
  test("is origin's default branch, else main, else master, else the present one", async () => {
    const { repository } = makeWithOrigin();
    const git = await repository.open();
    repository.git(['branch', 'develop']);
    repository.git(['branch', 'master']);
    repository.git(['switch', '-q', '-c', 'present']);
    const commit = repository.git(['rev-parse', 'main']);
    repository.git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/develop']);
    expect(await git.defaultBranch()).toEqual({ branch: 'develop', commit, ref: 'refs/heads/develop' });
    repository.git(['branch', '-D', 'develop']);
    expect(await git.defaultBranch()).toMatchObject({ branch: 'main', ref: 'refs/heads/main' });
    repository.git(['branch', '-D', 'main']);
    expect(await git.defaultBranch()).toMatchObject({ branch: 'main', ref: 'refs/remotes/origin/main' });
    repository.git(['update-ref', '-d', 'refs/remotes/origin/main']);
    expect(await git.defaultBranch()).toMatchObject({ branch: 'master' });
    repository.git(['branch', '-D', 'master']);
    expect(await git.defaultBranch()).toMatchObject({ branch: 'present' });
    repository.git(['switch', '-q', '--detach']);
    expect(await git.defaultBranch()).toBeNull();
  });

  test('a local branch counts before the remote-tracking one of the named remote', async () => {
    const { repository } = makeWithOrigin();
    const git = await repository.open();
    expect(await git.branchTip('main', 'origin')).toMatchObject({ ref: 'refs/heads/main' });
    repository.git(['switch', '-q', '--detach']);
    repository.git(['branch', '-D', 'main']);
    expect(await git.branchTip('main', 'origin')).toMatchObject({ ref: 'refs/remotes/origin/main' });
    expect(await git.branchTip('main', '')).toBeNull();
    expect(await git.remotes()).toEqual(['origin']);
  });
});
