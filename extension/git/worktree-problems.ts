import { GitError } from './git-error';

// One function a situation: what was found and what helps. Nobody matches on these texts.

export function notAWorktree(path: string, why: string): GitError {
  return new GitError(
    'not-a-worktree',
    `${path} is not a worktree of this repository: ${why}`,
    'Name a worktree of this repository',
    {
      path,
    },
  );
}

export function worktreeMissing(path: string): GitError {
  return new GitError(
    'worktree-missing',
    `The worktree ${path} does not exist`,
    'Bring the folder back, or make the worktree again: its branch is still there',
    { path },
  );
}

export function worktreeHalfMade(path: string): GitError {
  return new GitError(
    'worktree-half-made',
    `git did not finish making the worktree ${path}`,
    `If no git process is still busy there, run \`git worktree remove -f -f -- ${quote(path)}\` and try again`,
    { path },
  );
}

export function worktreeOnOtherBranch(path: string, wanted: string, actual: string | null): GitError {
  const stands = actual === null ? 'stands on no branch' : `stands on branch ${actual}`;
  return new GitError(
    'worktree-on-other-branch',
    `The worktree ${path} ${stands}, not on ${wanted}`,
    `Run \`git switch ${wanted}\` there, or choose another folder`,
    { path, branch: wanted, actual: actual ?? '' },
  );
}

export function branchCheckedOut(branch: string, path: string, wanted: string): GitError {
  return new GitError(
    'branch-checked-out',
    `Branch ${branch} is checked out in ${path}, so ${wanted} cannot have it too`,
    `Use the worktree ${path}, or switch it to another branch`,
    { branch, path },
  );
}

export function registeredElsewhere(branch: string, path: string): GitError {
  return new GitError(
    'worktree-registered-elsewhere',
    `Branch ${branch} belongs to the worktree ${path}, whose folder is missing`,
    `Bring the folder back, or give it up with \`git worktree remove -f -- ${quote(path)}\``,
    { branch, path },
  );
}

export function folderInUse(path: string): GitError {
  return new GitError(
    'folder-in-use',
    `${path} exists and is not a worktree of this repository`,
    'Move it away, or choose another folder',
    {
      path,
    },
  );
}

export function detachedHead(path: string): GitError {
  return new GitError('detached', `The worktree ${path} stands on no branch`, 'Run `git switch <branch>` there', {
    path,
  });
}

export function headMoved(path: string, expected: string, actual: string): GitError {
  return new GitError(
    'head-moved',
    `The branch in ${path} stands at ${actual.slice(0, 12)}, not at ${expected.slice(0, 12)}`,
    'Advance again: what was known is about another commit',
    { path, expected, actual },
  );
}

function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
