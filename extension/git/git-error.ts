/**
 * What went wrong, for the code that decides. `failed` is any other refusal of git, in git's own words.
 * Every one of them means "could not say" or "did nothing", never "no".
 */
export type GitErrorCode =
  | 'git-missing'
  | 'git-too-old'
  | 'not-a-repository'
  | 'refused'
  | 'bare'
  | 'no-commits'
  | 'timeout'
  | 'output-too-large'
  | 'failed'
  | 'bad-name'
  | 'missing-commit'
  | 'damaged'
  | 'shallow'
  | 'not-a-file'
  | 'locked'
  | 'not-a-worktree'
  | 'worktree-missing'
  | 'worktree-half-made'
  | 'worktree-on-other-branch'
  | 'worktree-registered-elsewhere'
  | 'branch-checked-out'
  | 'folder-in-use'
  | 'detached'
  | 'head-moved'
  | 'path-outside'
  | 'not-readable'
  | 'not-writable'
  | 'disk-full'
  | 'no-such-remote'
  | 'no-such-branch'
  | 'remote-unreachable';

/** Thrown when git could not say, or could not do, what was asked. */
export class GitError extends Error {
  override readonly name = 'GitError';
  constructor(
    readonly code: GitErrorCode,
    /** What was found, with names and paths. */
    readonly detail: string,
    /** What a person can do. */
    readonly remedy: string,
    /** The same facts by name: `path`, `branch`, `file`, `expected`, `actual`. */
    readonly facts: Readonly<Record<string, string>> = {},
    options?: { cause?: unknown },
  ) {
    super(`${detail}. ${remedy}`, options);
  }
}
