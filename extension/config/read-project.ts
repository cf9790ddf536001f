import { createGit } from '../git/create-git';
import { GitError } from '../git/git-error';
import { openRepository } from '../git/open-repository';
import { createRunGit, lineOf } from '../git/run-git';
import type { ProjectFacts } from './detect-project';

/**
 * The project's top folder, and where its items will land: the branch and remote that it has. Needs no commit.
 * @throws GitError when there is no repository or git could not say
 */
export async function readProject(cwd: string): Promise<{ root: string; facts: ProjectFacts }> {
  try {
    const repository = await openRepository(cwd);
    const git = createGit(repository);
    const base = (await git.defaultBranch())?.branch ?? (await unbornBranch(repository.root));
    return { root: repository.root, facts: { base, remote: remoteOf(await git.remotes()) } };
  } catch (error) {
    const root = error instanceof GitError && error.code === 'no-commits' ? error.facts['path'] : undefined;
    if (root === undefined) throw error;
    const remotes = lineOf(await createRunGit(root)(['remote']))
      .split('\n')
      .filter(Boolean);
    return { root, facts: { base: await unbornBranch(root), remote: remoteOf(remotes) } };
  }
}

/** The branch that the first commit will make. */
async function unbornBranch(root: string): Promise<string> {
  const head = await createRunGit(root)(['symbolic-ref', '--quiet', '--short', 'HEAD'], { accept: [0, 1] });
  return lineOf(head) || 'main';
}

const remoteOf = (names: readonly string[]): string => (names.includes('origin') ? 'origin' : (names[0] ?? ''));
