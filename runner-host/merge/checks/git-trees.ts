import { GitFailure, runGit } from '../../git/run-git';
import { BatchReader } from './batch-reader';
import type { BytePath, ConflictedPath, Content, ListedEntry, PristineMerge, TreeChange, Trees } from './trees';
import { compareTrees, listTree } from './tree-walk';

/** `--bare`: attributes are read from a checkout or an index only where git thinks it has one. */
export const PRISTINE_OPTIONS: readonly string[] = [
  '--bare',
  ...['core.attributesFile=/dev/null', 'merge.default=text', 'merge.renames=true', 'merge.directoryRenames=conflict']
    .concat(['merge.renameLimit=7000', 'diff.algorithm=histogram', 'merge.conflictStyle=merge'])
    .flatMap((setting) => ['-c', setting]),
];
/** Nobody's settings and attributes take part; the identity is fixed, so that the same input makes the same objects. */
export const PRISTINE_VARIABLES: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'interlock'],
      [`GIT_${who}_EMAIL`, 'interlock@localhost'],
      [`GIT_${who}_DATE`, '@0 +0000'],
    ]),
  ),
};
const READ_AT_ONCE = 64;
const FULL_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

export interface GitTreesOptions {
  /** The git directory: a bare repository, or the `.git` of a clone. */
  folder: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** The repository itself answers. Needs git 2.38. Must be closed. */
export class GitTrees implements Trees {
  readonly #options: GitTreesOptions;
  readonly #mergeBases = new Map<string, string[]>();
  #reader: BatchReader | undefined;

  constructor(options: GitTreesOptions) {
    this.#options = options;
    options.signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  async tree(commitOrTree: string): Promise<string> {
    return this.#open().id(`${commitOrTree}^{tree}`);
  }

  async mergeBases(one: string, other: string): Promise<string[]> {
    // What was said of two commits once holds; a name that is no id may stand for another commit tomorrow.
    const key = FULL_ID.test(one) && FULL_ID.test(other) ? [one, other].sort().join(' ') : undefined;
    const known = key === undefined ? undefined : this.#mergeBases.get(key);
    if (known) return known;
    const bases = words(await this.#git(['merge-base', '--all', one, other], [1]));
    if (key !== undefined) this.#mergeBases.set(key, bases);
    return bases;
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    const [bases, commit] = [await this.mergeBases(older, newer), await this.#open().id(`${older}^{commit}`)];
    return bases.includes(commit);
  }

  async changes(from: string, to: string): Promise<TreeChange[]> {
    const [before, after] = await Promise.all([this.tree(from), this.tree(to)]);
    const reader = this.#open();
    return compareTrees((id) => reader.tree(id), before, after);
  }

  async list(tree: string, folder: BytePath): Promise<ListedEntry[]> {
    const root = await this.tree(tree);
    const reader = this.#open();
    return listTree((id) => reader.tree(id), root, folder);
  }

  async readPaths(tree: string, paths: readonly BytePath[], mostBytes: number): Promise<Content[]> {
    // A tree that is not there would answer "absent" for every path.
    const id = await this.tree(tree);
    return this.#read(
      paths.map((path) => `${id}:${path}`),
      mostBytes,
    );
  }

  readBlobs(ids: readonly string[], mostBytes: number): Promise<Content[]> {
    return this.#read(ids, mostBytes);
  }

  async merge(base: string, ours: string, theirs: string): Promise<PristineMerge> {
    const bases = await this.mergeBases(ours, theirs);
    // `merge-tree --merge-base` came with git 2.40; commits that have the base as their one parent say the same.
    const [one, other] =
      bases.length === 1 && bases[0] === base
        ? [ours, theirs]
        : [await this.#childOf(base, ours), await this.#childOf(base, theirs)];
    const output = await this.#git(['merge-tree', '--write-tree', '-z', '--no-messages', one, other], [1]);
    const [tree = '', ...staged] = output.split('\0');
    // Exit code 1 also means that a commit is missing: then no tree is named.
    if (!FULL_ID.test(tree)) throw new GitFailure(['merge-tree', one, other], 'git named no tree');
    return { tree, conflicts: conflictsOf(staged) };
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }

  async #read(names: readonly string[], mostBytes: number): Promise<Content[]> {
    const contents: Content[] = [];
    for (let at = 0; at < names.length; at += READ_AT_ONCE) {
      const reader = this.#open();
      const slice = names.slice(at, at + READ_AT_ONCE);
      contents.push(...(await Promise.all(slice.map((name) => reader.read(name, mostBytes)))));
    }
    return contents;
  }

  #open(): BatchReader {
    const { folder, env, signal } = this.#options;
    if (signal?.aborted) throw new GitFailure(['cat-file'], 'the run was stopped');
    this.#reader ??= new BatchReader(folder, env, ['--bare']);
    return this.#reader;
  }

  async #childOf(base: string, commit: string): Promise<string> {
    const made = await this.#git(['commit-tree', '-m', 'side', '-p', base, await this.tree(commit)]);
    return made.trim();
  }

  #git(args: readonly string[], accept: readonly number[] = []): Promise<string> {
    const { folder, env, signal } = this.#options;
    return runGit([...PRISTINE_OPTIONS, ...args], {
      folder,
      env,
      variables: PRISTINE_VARIABLES,
      encoding: 'latin1',
      accept,
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

const words = (text: string): string[] => text.split('\n').filter(Boolean);

/** `<mode> <object> <stage>\t<path>`; stage 1 is the base, 2 ours, 3 theirs. */
function conflictsOf(staged: readonly string[]): ConflictedPath[] {
  const conflicts = new Map<BytePath, ConflictedPath>();
  for (const line of staged) {
    const match = /^(\d+) ([0-9a-f]+) ([123])\t(.*)$/s.exec(line);
    if (!match) continue;
    const [, mode = '', id = '', stage, path = ''] = match;
    const conflict = conflicts.get(path) ?? { path, base: undefined, ours: undefined, theirs: undefined };
    conflict[stage === '1' ? 'base' : stage === '2' ? 'ours' : 'theirs'] = { mode, id };
    conflicts.set(path, conflict);
  }
  return [...conflicts.values()];
}
