import { mkdir, rm } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { INDEX_SETTINGS, listDifferences, mayHold, readPristine, type PristineIndex } from './clean-worktree';
import { readHeadTree, type HeadTree } from './head-tree';
import { GitFailure, runGit, type GitCall } from './run-git';

const MOST_CHANGED = 50;

export interface TreeReaderOptions {
  worktree: string;
  /** Folder that does not belong to the tested tree, relative, with `/`. Empty: none. */
  artifacts: string;
  /** Where the temporary index and objects are made; removed by `close`. */
  scratch: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/**
 * Says which tree really stands on disk in a worktree, independent of the worktree's own index: bits in that
 * (assume-unchanged, skip-worktree) could hide a change. Every file's content is compared each time. Objects made on the way
 * go to a folder of their own. All methods throw `GitFailure` when git could not say.
 */
export class TreeReader {
  readonly #options: TreeReaderOptions;
  /** Kept in memory, out of reach of the run. */
  #pristine: PristineIndex | null = null;
  #head: Promise<HeadTree> | undefined;
  #differences: Promise<string[]> | undefined;
  #objects: string | undefined;
  /** For a tree whose name was computed: one that is there, and differs from it in the artifacts folder alone. */
  readonly #standIns = new Map<string, string>();

  constructor(options: TreeReaderOptions) {
    this.#options = options;
  }

  /** The commit that is checked out, read anew, and beside that the files of the one that should be. */
  async begin(expected: string): Promise<string> {
    const index = this.#readPristine(expected);
    // Whether HEAD stands elsewhere is the first thing to know: then `expected` may not even be there.
    index.catch(() => undefined);
    this.#head = this.#readHead();
    const [head] = await Promise.allSettled([this.#head, index]);
    if (head.status === 'rejected') throw head.reason;
    if (head.value.commit === expected) await index;
    return head.value.commit;
  }

  /** Starts to look at commit and files once more; `head` and `tree` tell what is found. */
  look(): void {
    this.#head = this.#readHead();
    this.#differences = this.#pristine === null ? undefined : this.#listDifferences(this.#pristine);
    this.#head.catch(() => undefined);
    this.#differences?.catch(() => undefined);
  }

  /** The commit that is checked out. */
  async head(): Promise<string> {
    this.#head ??= this.#readHead();
    return (await this.#head).commit;
  }

  /** Which of the paths stand in the commit. */
  async tracked(paths: readonly string[]): Promise<string[]> {
    if (paths.length === 0 || (this.#pristine !== null && !mayHold(this.#pristine, paths))) return [];
    const wanted = new Set(paths);
    const listing = await this.#git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']);
    return listing.split('\0').filter((path) => wanted.has(path));
  }

  /** The tree on disk, without the artifacts folder and without these files; ignored files do not count. */
  async tree(without: readonly string[]): Promise<string> {
    const commit = await this.head();
    if (this.#pristine === null) await this.#readPristine(commit);
    const pristine = this.#pristine;
    if (pristine?.commit !== commit) return this.#build(without, true);
    const differences = await (this.#differences ?? this.#listDifferences(pristine)).catch(() => null);
    this.#differences = undefined;
    // Without an answer the tree is built from the ground: that says why git can't, if it can't.
    if (differences === null) return this.#build(without, true);
    return (await this.#asCommitted(pristine, differences, without)) ?? this.#build(without, false);
  }

  /** Paths that differ between two trees that `tree` gave, at most 50. */
  async changed(before: string, after: string): Promise<string[]> {
    if (before === after) return [];
    const artifacts = this.#artifactsFolder();
    const own = await this.#ownStore();
    const trees = [before, after].map((tree) => this.#standIns.get(tree) ?? tree);
    const listing = await this.#git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', ...trees], own);
    return listing
      .split('\0')
      .filter((path) => path !== '' && !isWithin(path, artifacts))
      .slice(0, MOST_CHANGED);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#head, this.#differences]);
    await rm(this.#options.scratch, { recursive: true, force: true });
  }

  /** The tree, if the files are those of the commit, but for what does not belong to it; else null. */
  async #asCommitted(
    pristine: PristineIndex,
    differences: readonly string[],
    without: readonly string[],
  ): Promise<string | null> {
    const artifacts = this.#artifactsFolder();
    const left = differences.filter((path) => !isWithin(path, artifacts) && !without.includes(path));
    // A committed file that does not belong to the tree has to be taken out of it.
    if (left.length > 0 || mayHold(pristine, without) || this.#head === undefined) return null;
    const { tree, treeWithout } = await this.#head;
    if (treeWithout !== null) this.#standIns.set(treeWithout, tree);
    return treeWithout;
  }

  /** @param anew whether the index on disk is not one of HEAD that has just been looked at */
  async #build(without: readonly string[], anew: boolean): Promise<string> {
    const artifacts = this.#artifactsFolder();
    const own = await this.#ownStore();
    const git = (args: string[], stdin?: string) => this.#git([...INDEX_SETTINGS, ...args], own, stdin);
    if (anew) await git(['read-tree', 'HEAD']);
    await git(['add', '-A', '--', '.']);
    if (artifacts !== '') await git(['rm', '-r', '-f', '-q', '--cached', '--ignore-unmatch', '--', artifacts]);
    if (without.length > 0)
      await git(['update-index', '--force-remove', '-z', '--stdin'], without.map((path) => `${path}\0`).join(''));
    return (await git(['write-tree'])).trim();
  }

  async #readPristine(commit: string): Promise<void> {
    await mkdir(this.#options.scratch, { recursive: true });
    this.#pristine = await readPristine(commit, this.#index, this.#call);
  }

  async #readHead(): Promise<HeadTree> {
    return readHeadTree(this.#artifactsFolder(), this.#call);
  }

  #listDifferences(pristine: PristineIndex): Promise<string[]> {
    return listDifferences(pristine, this.#index, this.#call);
  }

  /** Index and objects of our own, with the repository's objects to read from. */
  async #ownStore(): Promise<
    Record<'GIT_INDEX_FILE' | 'GIT_OBJECT_DIRECTORY' | 'GIT_ALTERNATE_OBJECT_DIRECTORIES', string>
  > {
    const { scratch, worktree } = this.#options;
    this.#objects ??= resolve(
      worktree,
      (await this.#git(['rev-parse', '--git-path', 'objects'])).replace(/\r?\n$/, ''),
    );
    await mkdir(join(scratch, 'objects'), { recursive: true });
    return {
      GIT_INDEX_FILE: this.#index,
      GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(this.#objects),
    };
  }

  get #index(): string {
    return join(this.#options.scratch, 'index');
  }

  get #call(): GitCall {
    const { worktree, env, signal } = this.#options;
    return { folder: worktree, env, signal };
  }

  #artifactsFolder(): string {
    const folder = posix.normalize(this.#options.artifacts || '.').replace(/\/$/, '');
    if (this.#options.artifacts === '') return '';
    if (folder === '.' || folder === '..' || folder.startsWith('../') || folder.startsWith('/')) {
      throw new GitFailure([], `the artifacts folder "${this.#options.artifacts}" is not a folder inside the worktree`);
    }
    return folder;
  }

  #git(args: readonly string[], variables: Readonly<Record<string, string>> = {}, stdin?: string): Promise<string> {
    return runGit(args, { ...this.#call, variables, ...(stdin === undefined ? {} : { stdin }) });
  }
}

/** Whether a path is the folder or lies in it; nothing lies in the empty one. */
function isWithin(path: string, folder: string): boolean {
  return folder !== '' && (path === folder || path.startsWith(`${folder}/`));
}

/** git(1): a path in the list that begins with a double quote is read as a C string, which lets it hold a `:`. */
function quoteAlternate(path: string): string {
  return process.platform === 'win32' ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
}
