/**
 * What the checks read of a repository. Paths and file contents are bytes, held as latin1 strings: one character is one
 * byte, so that a name in any encoding comes through unchanged.
 */
export type BytePath = string;

export interface TreeEntry {
  /** Octal, as git writes it: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  mode: string;
  /** Object id. */
  id: string;
}

export interface TreeChange {
  path: BytePath;
  before: TreeEntry | undefined;
  after: TreeEntry | undefined;
}

export interface ListedEntry extends TreeEntry {
  path: BytePath;
}

/** What the merge had for one path it could not settle, after it has followed renames. */
export interface ConflictedPath {
  path: BytePath;
  base: TreeEntry | undefined;
  ours: TreeEntry | undefined;
  theirs: TreeEntry | undefined;
}

export interface PristineMerge {
  /** Conflicted files stand in it with their markers. */
  tree: string;
  conflicts: readonly ConflictedPath[];
}

/** Too large to be read under the limit, or not a file at all (a folder, a submodule). */
export type Content = { state: 'read'; bytes: string } | { state: 'too-large'; size: number } | { state: 'absent' };

/** Every method throws `GitFailure` when git could not say; none of them answers "nothing" for that. */
export interface Trees {
  /** The tree of a commit; a tree's own id stays. */
  tree(commitOrTree: string): Promise<string>;
  /** All commits that `git merge-base --all` names. Empty: unrelated histories. */
  mergeBases(one: string, other: string): Promise<string[]>;
  isAncestor(older: string, newer: string): Promise<boolean>;
  /** Every path whose mode or content differs. Renames are a removal and an addition. */
  changes(from: string, to: string): Promise<TreeChange[]>;
  /** Every file below a folder (`''`: the whole tree), with its path from the root. */
  list(tree: string, folder: BytePath): Promise<ListedEntry[]>;
  /** Files by path, in the order asked; a path that names no file is `absent`. */
  readPaths(tree: string, paths: readonly BytePath[], mostBytes: number): Promise<Content[]>;
  /** Blobs by id, in the order asked. */
  readBlobs(ids: readonly string[], mostBytes: number): Promise<Content[]>;
  /** The merge as git alone makes it from these two and this base: no attributes, drivers, hooks or settings of anybody. */
  merge(base: string, ours: string, theirs: string): Promise<PristineMerge>;
}
