import { mkdir, rm } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { GitFailure, runGit } from './run-git';

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
 * (assume-unchanged, skip-worktree) could hide a change. Objects made on the way go to a folder of their own.
 * All methods throw `GitFailure` when git could not say.
 */
export class TreeReader {
  readonly #options: TreeReaderOptions;
  #objects: string | undefined;

  constructor(options: TreeReaderOptions) {
    this.#options = options;
  }

  /** The commit that is checked out. */
  async head(): Promise<string> {
    const [head = '', ...objects] = (await this.#git(['rev-parse', 'HEAD^{commit}', '--git-path', 'objects'])).split(
      '\n',
    );
    this.#objects = resolve(this.#options.worktree, objects.join('\n').replace(/\r?\n$/, ''));
    return head.trim();
  }

  /** Which of the paths stand in the commit. */
  async tracked(paths: readonly string[]): Promise<string[]> {
    const wanted = new Set(paths);
    const listing = await this.#git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']);
    return listing.split('\0').filter((path) => wanted.has(path));
  }

  /** The tree on disk, without the artifacts folder and without these files; ignored files do not count. */
  async tree(without: readonly string[]): Promise<string> {
    const artifacts = this.#artifactsFolder();
    const own = await this.#ownStore();
    await this.#git(['read-tree', 'HEAD'], own);
    await this.#git(['add', '-A', '--', '.'], own);
    if (artifacts !== '')
      await this.#git(['rm', '-r', '-f', '-q', '--cached', '--ignore-unmatch', '--', artifacts], own);
    if (without.length > 0)
      await this.#git(['update-index', '--force-remove', '-z', '--stdin'], own, without.join('\0') + '\0');
    return (await this.#git(['write-tree'], own)).trim();
  }

  /** Paths that differ between two trees that `tree` gave, at most 50. */
  async changed(before: string, after: string): Promise<string[]> {
    if (before === after) return [];
    const own = await this.#ownStore();
    const listing = await this.#git(['diff-tree', '-r', '-z', '--name-only', '--no-renames', before, after], own);
    return listing.split('\0').filter(Boolean).slice(0, MOST_CHANGED);
  }

  async close(): Promise<void> {
    await rm(this.#options.scratch, { recursive: true, force: true });
  }

  /** Index and objects of our own, with the repository's objects to read from. */
  async #ownStore(): Promise<
    Record<'GIT_INDEX_FILE' | 'GIT_OBJECT_DIRECTORY' | 'GIT_ALTERNATE_OBJECT_DIRECTORIES', string>
  > {
    const { scratch } = this.#options;
    if (this.#objects === undefined) await this.head();
    await mkdir(join(scratch, 'objects'), { recursive: true });
    return {
      GIT_INDEX_FILE: join(scratch, 'index'),
      GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(this.#objects ?? ''),
    };
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
    const { worktree, env, signal } = this.#options;
    return runGit(args, { folder: worktree, env, variables, signal, ...(stdin === undefined ? {} : { stdin }) });
  }
}

/** git(1): a path in the list that begins with a double quote is read as a C string, which lets it hold a `:`. */
function quoteAlternate(path: string): string {
  return process.platform === 'win32' ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
}
