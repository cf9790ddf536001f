import type { Repository } from '../engine';
import type { Git } from '../pipeline/ports';
import { addWorktree } from './add-worktree';
import { changedFiles } from './changed-files';
import { commitChanges, forward } from './commit-changes';
import { commitFile } from './commit-file';
import { containsChanges } from './contains-changes';
import { fetchBase } from './fetch-base';
import { mixCommit } from './mix-commit';
import { branchTip, defaultBranch, remotes, type BranchTip } from './find-base';
import { commitOf, isAncestor, mergeBase, readFile } from './read-objects';
import { readWorktreeFile } from './read-worktree-file';
import { readWorktree } from './read-worktree';
import type { GitContext } from './repository-paths';
import { createRunGit } from './run-git';
import { treeWithout } from './tree-without';
import { keepCommit } from './keep-commit';
import { listFiles } from './list-files';
import { findWorktreeOf } from './worktree-list';

/** The pipeline's `Git`, and what composition roots ask besides. */
export interface RepositoryGit extends Git {
  /** Where the configuration is looked for first; null when no candidate has a commit. */
  defaultBranch(): Promise<BranchTip | null>;
  /** Local branch first, else the remote-tracking one. */
  branchTip(branch: string, remote: string): Promise<BranchTip | null>;
  /** Folder of the worktree that has the branch checked out, or null; the folder may be missing. */
  findWorktreeOf(branch: string): Promise<string | null>;
  remotes(): Promise<string[]>;
}

export interface GitSettings {
  env?: NodeJS.ProcessEnv;
  /** How long a lock file of another git process is waited for, in ms; default 3 s. */
  lockWaitMs?: number;
}

/** Every method throws `GitError` when git could not say. */
export function createGit(repository: Repository, settings: GitSettings = {}): RepositoryGit {
  const git: GitContext = {
    run: createRunGit(repository.root, settings.env),
    repository,
    lockWaitMs: settings.lockWaitMs ?? 3_000,
  };
  return {
    commitOf: (name) => commitOf(git, name),
    treeWithout: (commit, folder) => treeWithout(git, commit, folder),
    readFile: (commit, path) => readFile(git, commit, path),
    readWorktreeFile,
    mergeBase: (a, b) => mergeBase(git, a, b),
    worktree: (path, except = null) => readWorktree(git, path, except),
    addWorktree: (path, branch, base) => addWorktree(git, path, branch, base),
    commitFile: (worktree, path, text, message, expectedHead) =>
      commitFile(git, worktree, path, text, message, expectedHead),
    fetchBase: (remote, branch) => fetchBase(git, remote, branch),
    changedFiles: (from, to) => changedFiles(git, from, to),
    mixCommit: (onto, from, paths) => mixCommit(git, onto, from, paths),
    commitChanges: (onto, changes, message) => commitChanges(git, onto, changes, message),
    forward: (worktree, branch, from, to) => forward(git, worktree, branch, from, to),
    keepCommit: (ref, commit) => keepCommit(git, ref, commit),
    isAncestor: (ancestor, descendant) => isAncestor(git, ancestor, descendant),
    containsChanges: (target, fork, head, without) => containsChanges(git, target, fork, head, without),
    defaultBranch: () => defaultBranch(git),
    branchTip: (branch, remote) => branchTip(git, branch, remote),
    findWorktreeOf: (branch) => findWorktreeOf(git, branch),
    remotes: () => remotes(git),
    listFiles: (commit, folder) => listFiles(git, commit, folder),
  };
}
