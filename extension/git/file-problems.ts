import { GitError } from './git-error';

// One function a situation: what was found and what helps. Nobody matches on these texts.

export function notAFile(path: string, kind: string): GitError {
  return new GitError('not-a-file', `${path} is a ${kind}, not a file`, 'Put a regular file there', {
    path,
  });
}

export function locked(file: string): GitError {
  return new GitError(
    'locked',
    `${file} exists: another git process is at work, or one died and left it`,
    `Wait for the other process; if none runs, delete ${file}`,
    { file },
  );
}

export function pathOutside(path: string, why: string): GitError {
  return new GitError(
    'path-outside',
    `${JSON.stringify(path)} is refused: ${why}`,
    'Use a plain path below the worktree',
    { path },
  );
}

/** A failed file call: full disk apart, because that passes by itself. */
export function notWritten(path: string, cause: unknown): GitError {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (errno === 'ENOSPC' || errno === 'EDQUOT')
    return new GitError(
      'disk-full',
      `${path} could not be written: the disk is full`,
      'Free some space',
      { path, errno },
      { cause },
    );
  const remedy = 'Check that the folder exists and may be written';
  return new GitError('not-writable', `${path} could not be written (${errno})`, remedy, { path, errno }, { cause });
}

export function notRead(path: string, cause: Error): GitError {
  return new GitError(
    'not-readable',
    `${path} could not be read: ${cause.message}`,
    'Check its permissions',
    { path },
    { cause },
  );
}
