import { createHash } from 'node:crypto';
import type {
  ConflictedPath,
  Content,
  ListedEntry,
  PristineMerge,
  TreeChange,
  Trees,
} from '../../../../runner-host/merge/checks/trees';

export type Files = Readonly<Record<string, string>>;

/** Trees by name. Its merge knows whole files alone: two sides that changed one file differently are a conflict. */
export class MemoryTrees implements Trees {
  readonly #trees = new Map<string, Files>();
  readonly #blobs = new Map<string, string>();

  constructor(trees: Readonly<Record<string, Files>>) {
    for (const [name, files] of Object.entries(trees)) this.#trees.set(name, files);
  }

  async tree(name: string): Promise<string> {
    return idOf(JSON.stringify(Object.entries(this.#files(name)).sort()));
  }

  async mergeBases(): Promise<string[]> {
    return ['base'];
  }

  async isAncestor(): Promise<boolean> {
    return false;
  }

  async changes(from: string, to: string): Promise<TreeChange[]> {
    const [was, is] = [this.#files(from), this.#files(to)];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((path) => was[path] !== is[path])
      .map((path) => ({ path, before: this.#entry(was[path]), after: this.#entry(is[path]) }));
  }

  async list(tree: string, folder: string): Promise<ListedEntry[]> {
    return Object.entries(this.#files(tree)).flatMap(([path, bytes]) => {
      const entry = this.#entry(bytes);
      return entry && (folder === '' || path.startsWith(`${folder}/`)) ? [{ path, ...entry }] : [];
    });
  }

  async readPaths(tree: string, paths: readonly string[], most: number): Promise<Content[]> {
    return paths.map((path) => content(this.#files(tree)[path], most));
  }

  async readBlobs(ids: readonly string[], most: number): Promise<Content[]> {
    return ids.map((id) => content(this.#blobs.get(id), most));
  }

  async merge(base: string, ours: string, theirs: string): Promise<PristineMerge> {
    const [b, o, t] = [this.#files(base), this.#files(ours), this.#files(theirs)];
    const merged: Record<string, string> = {};
    const conflicts: ConflictedPath[] = [];
    for (const path of new Set([...Object.keys(b), ...Object.keys(o), ...Object.keys(t)])) {
      const clean = o[path] === b[path] ? t[path] : t[path] === b[path] || t[path] === o[path] ? o[path] : null;
      const text = clean === null ? `<<<<<<< ours\n${o[path] ?? ''}=======\n${t[path] ?? ''}>>>>>>> theirs\n` : clean;
      if (text !== undefined) merged[path] = text;
      if (clean === null)
        conflicts.push({ path, base: this.#entry(b[path]), ours: this.#entry(o[path]), theirs: this.#entry(t[path]) });
    }
    this.#trees.set('merged', merged);
    const tree = await this.tree('merged');
    this.#trees.set(tree, merged);
    return { tree, conflicts };
  }

  #files(name: string): Files {
    const files = this.#trees.get(name);
    if (!files) throw new Error(`no tree ${name}`);
    return files;
  }

  #entry(bytes: string | undefined) {
    if (bytes === undefined) return undefined;
    this.#blobs.set(idOf(bytes), bytes);
    return { mode: '100644', id: idOf(bytes) };
  }
}

const idOf = (text: string): string => createHash('sha1').update(text, 'latin1').digest('hex');

function content(bytes: string | undefined, most: number): Content {
  if (bytes === undefined) return { state: 'absent' };
  return bytes.length > most ? { state: 'too-large', size: bytes.length } : { state: 'read', bytes };
}
