import { join } from 'node:path';
import { GitError } from './git-error';
import { badName, noSuchRemote, noSuchRemoteBranch, remoteUnreachable } from './problems';
import { mustBeCommit } from './read-objects';
import { isBranchName } from './ref-name';
import type { GitContext } from './repository-paths';
import { retryWhileLocked } from './wait-for-lock';

const NETWORK_TIMEOUT_MS = 120_000;

/**
 * Fetches the remote's branch into `refs/interlock/base/<branch>` and returns its commit. Neither FETCH_HEAD nor the user's
 * remote-tracking branches change. Throws `no-such-remote`, `no-such-branch`, `remote-unreachable`, `locked`, `timeout`.
 */
export async function fetchBase(git: GitContext, remote: string, branch: string): Promise<string> {
  if (!isBranchName(branch)) throw badName('branch', branch);
  await mustBeRemote(git, remote);
  const ref = `refs/interlock/base/${branch}`;
  const args = [
    'fetch',
    '--quiet',
    '--no-write-fetch-head',
    '--refmap=',
    '--no-tags',
    '--no-prune',
    '--no-recurse-submodules',
  ];
  args.push('--no-auto-maintenance', '--', remote, `+refs/heads/${branch}:${ref}`);
  try {
    await retryWhileLocked(join(git.repository.commonDir, `${ref}.lock`), git.lockWaitMs, () =>
      git.run(args, { timeoutMs: NETWORK_TIMEOUT_MS }),
    );
  } catch (error) {
    if (!(error instanceof GitError) || error.code !== 'failed') throw error;
    throw await explain(git, remote, branch, error);
  }
  return mustBeCommit(git, ref);
}

/** An unknown name would be taken for the address of a repository, and some addresses are commands (`ext::`). */
async function mustBeRemote(git: GitContext, remote: string): Promise<void> {
  if (!isBranchName(remote)) throw badName('remote', remote);
  const answer = await git.run(['config', '--get-all', `remote.${remote}.url`], { accept: [0, 1] });
  if (answer.code !== 0) throw noSuchRemote(remote);
}

/** The remote is asked again: exit code 2 of ls-remote means that it answered and has no such branch. */
async function explain(git: GitContext, remote: string, branch: string, error: GitError): Promise<GitError> {
  const args = ['ls-remote', '--quiet', '--exit-code', '--', remote, `refs/heads/${branch}`];
  try {
    const answer = await git.run(args, { accept: [0, 2], timeoutMs: NETWORK_TIMEOUT_MS });
    return answer.code === 2 ? noSuchRemoteBranch(remote, branch) : error;
  } catch (again) {
    return again instanceof GitError ? remoteUnreachable(remote, again) : error;
  }
}
