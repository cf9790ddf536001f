import { createHash } from 'node:crypto';
import { GitFailure, runGit, type GitCall } from './run-git';

/** The commit that is checked out, and its tree without a folder. */
export interface HeadTree {
  commit: string;
  /** Its whole tree. */
  tree: string;
  /** The tree without the folder. No such object needs to be there: the name is computed. Null where it can't be. */
  treeWithout: string | null;
}

interface GitObject {
  id: string;
  type: string;
  /** Bytes, one per character. */
  content: string;
}

interface TreeEntry {
  /** Mode and name as they stand in the tree. */
  head: string;
  name: string;
  id: string;
}

/**
 * Reads commit and trees in one process. Throws `GitFailure`, also where HEAD moved meanwhile.
 * @param folder relative, with `/`; empty: none
 */
export async function readHeadTree(folder: string, call: GitCall): Promise<HeadTree> {
  // Git is asked line by line.
  const askable = !folder.includes('\n');
  const parts = folder === '' || !askable ? [] : folder.split('/');
  const parents = parts.slice(1).map((_, at) => `HEAD:${parts.slice(0, at + 1).join('/')}`);
  const stdin = ['HEAD^{commit}', 'HEAD^{tree}', ...parents].map((name) => `${name}\n`).join('');
  const args = ['cat-file', '--batch'];
  const [commit, ...trees] = parseBatch(await runGit(args, { ...call, stdin, encoding: 'latin1' }));
  const root = trees[0];
  if (commit?.type !== 'commit' || root?.type !== 'tree') throw new GitFailure(args, 'HEAD is no commit');
  if (!commit.content.startsWith(`tree ${root.id}\n`)) throw new GitFailure(args, 'HEAD moved while it was read');
  const path = parts.map((part) => Buffer.from(part, 'utf8').toString('latin1'));
  const left = path.length === 0 ? root.id : (without(trees, path, args) ?? nameTree([], root.id.length));
  return { commit: commit.id, tree: root.id, treeWithout: askable ? left : null };
}

/** The name of the first tree without what stands at the end of the path; null: nothing is left of it. */
function without(trees: readonly (GitObject | null)[], path: readonly string[], args: string[]): string | null {
  const [tree, ...below] = trees;
  const [name, ...rest] = path;
  if (tree?.type !== 'tree') throw new GitFailure(args, 'HEAD moved while it was read');
  const entries = parseTree(tree);
  const at = entries.findIndex((entry) => entry.name === name);
  const entry = entries[at];
  if (entry === undefined) return tree.id;
  let left: string | null = null;
  if (rest.length > 0) {
    // A file in the place of a folder has nothing in it.
    if (!entry.head.startsWith('40000 ')) return tree.id;
    if (below[0]?.id !== entry.id) throw new GitFailure(args, 'HEAD moved while it was read');
    left = without(below, rest, args);
  }
  // As in an index, a folder without files is none.
  entries.splice(at, 1, ...(left === null ? [] : [{ ...entry, id: left }]));
  return entries.length === 0 ? null : nameTree(entries, tree.id.length);
}

/** `git cat-file --batch`: `<id> <type> <size>`, the content, a line feed; or `<what was asked> missing`. */
function parseBatch(text: string): (GitObject | null)[] {
  const objects: (GitObject | null)[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const [, id = '', type = '', size = ''] = /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(text.slice(at, end)) ?? [];
    at = end + 1;
    if (id === '') {
      objects.push(null);
      continue;
    }
    objects.push({ id, type, content: text.slice(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return objects;
}

/** Entries of a tree object: `<mode> <name>\0<id in binary>`. */
function parseTree({ id, content }: GitObject): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const end = content.indexOf('\0', at);
    const head = content.slice(at, end);
    const after = end + 1 + id.length / 2;
    entries.push({
      head,
      name: head.slice(head.indexOf(' ') + 1),
      id: Buffer.from(content.slice(end + 1, after), 'latin1').toString('hex'),
    });
    at = after;
  }
  return entries;
}

function nameTree(entries: readonly TreeEntry[], idLength: number): string {
  const content = Buffer.concat(
    entries.flatMap(({ head, id }) => [Buffer.from(`${head}\0`, 'latin1'), Buffer.from(id, 'hex')]),
  );
  const hash = createHash(idLength === 40 ? 'sha1' : 'sha256');
  return hash.update(`tree ${content.length}\0`).update(content).digest('hex');
}
