import { GitError } from './git-error';

// One function a situation: what was found and what helps. Nobody matches on these texts.

export function gitMissing(cause: unknown): GitError {
  return new GitError(
    'git-missing',
    'git could not be started',
    'Install git 2.38 or newer and put it on PATH',
    {},
    { cause },
  );
}

export function gitNotStarted(command: string, cause: unknown): GitError {
  const remedy = 'Try again; if it stays so, too many processes or files are open on this machine';
  return new GitError(
    'failed',
    `git ${command} could not be started: ${String(cause)}`,
    remedy,
    { command },
    { cause },
  );
}

export function gitTooOld(found: string, least: string): GitError {
  return new GitError(
    'git-too-old',
    `Interlock needs git ${least}, and this is "${found}"`,
    `Install git ${least} or newer`,
    { found },
  );
}

export function notARepository(path: string, why: string): GitError {
  return new GitError(
    'not-a-repository',
    `${path} ${why}`,
    'Go to a folder of a git repository, or make one with `git init`',
    { path },
  );
}

export function repositoryRefused(path: string, words: string): GitError {
  return new GitError(
    'refused',
    `git does not read the repository at ${path}: ${words}`,
    'Do what git says, then try again',
    { path },
  );
}

export function bareRepository(path: string): GitError {
  return new GitError(
    'bare',
    `${path} is a bare repository`,
    'Clone it and use the clone: Interlock needs a working tree',
    { path },
  );
}

export function noCommits(path: string): GitError {
  return new GitError('no-commits', `${path} has no commits yet`, 'Make a first commit: items branch from one', {
    path,
  });
}

export function folderGone(path: string): GitError {
  return new GitError('worktree-missing', `The folder ${path} does not exist`, 'Restore it, or name another folder', {
    path,
  });
}

export function gitTimedOut(command: string, timeoutMs: number): GitError {
  return new GitError(
    'timeout',
    `git ${command} did not end within ${timeoutMs / 1000} s and was stopped`,
    'Try again; if it hangs each time, run the same command in a terminal',
    { command },
  );
}

export function outputNotEnded(command: string): GitError {
  const detail = `git ${command} ended, and something that it started kept its output open`;
  return new GitError('timeout', detail, 'Try again', { command });
}

export function outputTooLarge(command: string): GitError {
  return new GitError(
    'output-too-large',
    `git ${command} printed more than is read`,
    'Make the file or the list smaller',
    { command },
  );
}

export function gitFailed(command: string, code: number | null, signal: string | null, stderr: string): GitError {
  const end = code === null ? `was killed by ${signal ?? 'a signal'}` : `ended with ${code}`;
  const words = stderr.trim().slice(0, 2000);
  const detail = words === '' ? `git ${command} ${end}` : `git ${command} ${end}: ${words}`;
  return new GitError('failed', detail, 'Run the same git command in a terminal', { command, stderr: words });
}

export function badName(what: string, name: string): GitError {
  return new GitError(
    'bad-name',
    `${JSON.stringify(name)} cannot be the name of a ${what}`,
    'Choose a name that git accepts',
    { name },
  );
}

export function missingCommit(name: string): GitError {
  return new GitError('missing-commit', `There is no commit ${name}`, 'Fetch it, or name another one', { name });
}

export function damagedReference(name: string): GitError {
  return new GitError(
    'damaged',
    `${name} exists and leads to no commit`,
    'Run `git fsck`, then repair or delete the reference',
    { name },
  );
}

export function shallowHistory(): GitError {
  return new GitError(
    'shallow',
    'The clone is shallow: its history ends before the answer',
    'Run `git fetch --unshallow`',
  );
}

export function noSuchRemote(remote: string): GitError {
  return new GitError(
    'no-such-remote',
    `There is no remote ${JSON.stringify(remote)}`,
    'Add it with `git remote add`, or set "remote" in interlock.json ("" = no remote)',
    { remote },
  );
}

export function noSuchRemoteBranch(remote: string, branch: string): GitError {
  return new GitError(
    'no-such-branch',
    `${remote} has no branch ${branch}`,
    `Push ${branch} to ${remote}, or set "base" in interlock.json`,
    {
      remote,
      branch,
    },
  );
}

export function remoteUnreachable(remote: string, cause: GitError): GitError {
  return new GitError(
    'remote-unreachable',
    `${remote} did not answer: ${cause.detail}`,
    'Check the network and your access',
    { remote },
    { cause },
  );
}
