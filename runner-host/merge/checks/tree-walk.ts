import { GitFailure } from '../../git/run-git';
import type { BytePath, ListedEntry, TreeChange, TreeEntry } from './trees';

/** Entries of one tree object by name, as stored. Throws `GitFailure`. */
export type ReadTree = (id: string) => Promise<ReadonlyMap<string, TreeEntry>>;

const TREE_MODE = '40000';

/** Reads a tree object: mode, blank, name, NUL, and the id as bytes, again and again. Throws `GitFailure`. */
export function parseTree(id: string, bytes: string): Map<string, TreeEntry> {
  const idLength = id.length / 2;
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < bytes.length;) {
    const [blank, end] = [bytes.indexOf(' ', at), bytes.indexOf('\0', at)];
    const next = end + 1 + idLength;
    if (blank === -1 || end < blank || next > bytes.length)
      throw new GitFailure(['cat-file'], `tree ${id} is not whole`);
    const object = Buffer.from(bytes.slice(end + 1, next), 'latin1').toString('hex');
    entries.set(bytes.slice(blank + 1, end), { mode: bytes.slice(at, blank), id: object });
    at = next;
  }
  return entries;
}

/** Every path that differs; equal folders are not opened. */
export async function compareTrees(
  read: ReadTree,
  before: string | undefined,
  after: string | undefined,
  prefix: BytePath = '',
): Promise<TreeChange[]> {
  if (before === after) return [];
  const none: ReadonlyMap<string, TreeEntry> = new Map();
  const [was, is] = await Promise.all([
    before === undefined ? none : read(before),
    after === undefined ? none : read(after),
  ]);
  const parts = [...new Set([...was.keys(), ...is.keys()])].map(async (name): Promise<TreeChange[]> => {
    const [old, now] = [was.get(name), is.get(name)];
    if (old?.id === now?.id && old?.mode === now?.mode) return [];
    const path = prefix + name;
    const [oldFile, nowFile] = [fileOf(old), fileOf(now)];
    const own = oldFile || nowFile ? [{ path, before: oldFile, after: nowFile }] : [];
    return [...own, ...(await compareTrees(read, folderOf(old), folderOf(now), `${path}/`))];
  });
  return (await Promise.all(parts)).flat();
}

/** Every file below a folder. */
export async function listTree(read: ReadTree, root: string, folder: BytePath): Promise<ListedEntry[]> {
  let at: string | undefined = root;
  for (const name of folder.split('/').filter(Boolean)) at = at && folderOf((await read(at)).get(name));
  const prefix = folder === '' ? '' : `${folder}/`;
  const changes = await compareTrees(read, undefined, at, prefix);
  return changes.flatMap(({ path, after }) => (after ? [{ path, ...after }] : []));
}

const isFolder = (entry: TreeEntry): boolean => entry.mode === TREE_MODE;
const fileOf = (entry: TreeEntry | undefined): TreeEntry | undefined => (entry && !isFolder(entry) ? entry : undefined);
const folderOf = (entry: TreeEntry | undefined): string | undefined =>
  entry && isFolder(entry) ? entry.id : undefined;
