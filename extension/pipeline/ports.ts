import type { Method, Params, Result, RunSummary } from '../../runner-host/protocol/methods';
import type { CaseResult } from '../../runner-host/protocol/result';
import type { TestName } from '../artifacts/evidence';

/** ms since the epoch; a fake one in tests. */
export interface Clock {
  now(): number;
}

export interface RunListener {
  output(event: { offset: number; next: number; stream: 'stdout' | 'stderr'; text: string }): void;
  step(event: { state: RunSummary['state']; position: number | null; step: string }): void;
}

/** The runner host as the deciding side sees it; connects, or starts one, when it is first needed. */
export interface Host {
  request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /**
   * Attaches to a run and resolves with its finished summary (its `result` is set).
   * Survives a lost connection: it reconnects, starting a host if need be, and goes on from the last byte seen.
   */
  follow(run: string, from: number, listener: RunListener, signal?: AbortSignal): Promise<RunSummary>;
  /** Null when none runs: never starts one. */
  probe(): Promise<Host | null>;
  close(): Promise<void>;
}

/** The tests of one report, by name. */
export interface NameList {
  executed: TestName[];
  skipped: TestName[];
}

/** What reports named: whole while the run's folder is there, the names alone for longer. */
export interface Names {
  /** All cases of a finished run's report; null if it has none or they are gone. Throws on a file that cannot be trusted. */
  casesOf(run: string): Promise<CaseResult[] | null>;
  /** Keeps a list and returns its sha256, by which it is found. */
  keep(list: NameList): Promise<string>;
  /** Null once it is gone, and where its bytes are not those that were kept. */
  read(hash: string): Promise<NameList | null>;
}

/** What the pipeline needs of git. Every method throws `GitError` when git could not say. */
export interface Git {
  /** The commit that a name stands for, or null if there is none. */
  commitOf(name: string): Promise<string | null>;
  /** The tree of a commit without the folder, as an object id. */
  treeWithout(commit: string, folder: string): Promise<string>;
  /** Bytes of a file in a commit, or null if it is not there. */
  readFile(commit: string, path: string): Promise<Buffer | null>;
  /** Bytes of a file as it lies in a worktree, or null if it is not there. */
  readWorktreeFile(worktree: string, path: string): Promise<Buffer | null>;
  /** State of a worktree; files that match the glob `except` and are not tracked do not count as changes. */
  worktree(path: string, except?: string | null): Promise<WorktreeState>;
  /** The best common ancestor, or null if the histories are unrelated. */
  mergeBase(a: string, b: string): Promise<string | null>;
  /** Paths of all files of a commit, or of those below a folder. */
  listFiles(commit: string, folder?: string): Promise<string[]>;
  addWorktree(path: string, branch: string, base: string): Promise<void>;
  /** Commits one file on the worktree's branch in a commit of its own; no hooks, no signing. Returns the commit. */
  commitFile(worktree: string, path: string, text: string, message: string, expectedHead: string): Promise<string>;
  /** Fetches the remote's branch into a private ref; returns its commit. */
  fetchBase(remote: string, branch: string): Promise<string>;
  /** A commit on no branch: `onto` with these paths as they are in `from`. */
  mixCommit(onto: string, from: string, paths: readonly string[]): Promise<string>;
  /** Every path that differs between two commits; an object names what stands on either side, null = nothing. */
  changedFiles(from: string, to: string): Promise<{ path: string; before: string | null; after: string | null }[]>;
  /** A commit on no branch, on top of `onto`, with these files changed. */
  commitChanges(onto: string, changes: readonly FileChange[], message: string): Promise<string>;
  /** Moves the branch that a clean worktree has checked out, by compare-and-swap, and its files with it. */
  forward(worktree: string, branch: string, from: string, to: string): Promise<void>;
  /** Keeps a commit under a private ref, so that nothing prunes it. */
  keepCommit(ref: string, commit: string): Promise<void>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** Whether merging `head` (forked at `fork`) into `target` by content changes nothing. */
  containsChanges(
    target: string,
    fork: string,
    head: string,
    without: string,
  ): Promise<'contained' | 'missing' | 'conflict' | 'empty'>;
}

/** A file's new bytes, perhaps under another name; its mode stays. */
export interface FileChange {
  from: string;
  to: string;
  bytes: Buffer;
}

export type WorktreeState =
  | { state: 'missing' }
  | { state: 'not-a-worktree'; detail: string }
  | {
      state: 'present';
      head: string;
      branch: string | null;
      /** Changed or untracked paths, at most 50. */ dirty: string[];
    };
