import { commitOf } from './read-objects';
import { branchOf } from './read-worktree';
import { isBranchName } from './ref-name';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';

export interface BranchTip {
  branch: string;
  commit: string;
  /** `refs/heads/main`, or `refs/remotes/origin/main` where there is no local one. */
  ref: string;
}

/** The branch's commit: of the local branch if there is one, else of the remote-tracking one; null if there is neither. */
export async function branchTip(git: GitContext, branch: string, remote: string): Promise<BranchTip | null> {
  if (!isBranchName(branch)) return null;
  const refs = [`refs/heads/${branch}`, ...(remote === '' ? [] : [`refs/remotes/${remote}/${branch}`])];
  for (const ref of refs) {
    const commit = await commitOf(git, ref);
    if (commit !== null) return { branch, commit, ref };
  }
  return null;
}

/**
 * The branch that the configuration is first looked for on: origin/HEAD's, else main, else master, else the one that the
 * main worktree stands on. Null when none of them has a commit.
 */
export async function defaultBranch(git: GitContext): Promise<BranchTip | null> {
  const prefix = 'refs/remotes/origin/';
  const answer = await git.run(['symbolic-ref', '--quiet', `${prefix}HEAD`], { accept: [0, 1] });
  const target = lineOf(answer);
  const published = answer.code === 0 && target.startsWith(prefix) ? target.slice(prefix.length) : null;
  for (const branch of [published, 'main', 'master', await branchOf(git, git.repository.root)]) {
    const tip = branch === null ? null : await branchTip(git, branch, 'origin');
    if (tip !== null) return tip;
  }
  return null;
}

/** Names of the configured remotes. */
export async function remotes(git: GitContext): Promise<string[]> {
  return (await git.run(['remote'])).stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
}
