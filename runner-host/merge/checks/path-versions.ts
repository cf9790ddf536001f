import type { Budget } from './budget';
import { BudgetSpent } from './budget';
import { countLines, isBinary, splitLines, type LineCounts } from './lines';
import type { BytePath, Content, TreeEntry, Trees } from './trees';

/** One path as it stands on each side. */
export interface PathEntries {
  path: BytePath;
  /** Git could not merge it by itself; then base, main and item are what git compared, after renames. */
  conflicted: boolean;
  base: TreeEntry | undefined;
  main: TreeEntry | undefined;
  item: TreeEntry | undefined;
  pristine: TreeEntry | undefined;
  result: TreeEntry | undefined;
}

export const same = (one: TreeEntry | undefined, other: TreeEntry | undefined): boolean =>
  one?.id === other?.id && one?.mode === other?.mode;

export const mainChanged = (entries: PathEntries): boolean => !same(entries.base, entries.main);
export const itemChanged = (entries: PathEntries): boolean => !same(entries.base, entries.item);

export interface TextVersion {
  lines: string[];
  counts: LineCounts;
}

export interface TextVersions {
  base: TextVersion;
  main: TextVersion;
  item: TextVersion;
  pristine: TextVersion;
  result: TextVersion;
}

/** `opaque`: a binary file, a link or a submodule takes part. `unchecked`: a bound was reached. */
export type PathWork = PathEntries &
  ({ content: 'text'; text: TextVersions } | { content: 'opaque' } | { content: 'unchecked'; why: string });

const ABSENT: TextVersion = { lines: [], counts: new Map() };
const ROLES = ['base', 'main', 'item', 'pristine', 'result'] as const;
const isFile = (entry: TreeEntry | undefined): boolean => entry === undefined || entry.mode.startsWith('100');

/** Reads all versions of a path. Throws `GitFailure`. */
export async function readVersions(trees: Trees, entries: PathEntries, budget: Budget): Promise<PathWork> {
  if (ROLES.some((role) => !isFile(entries[role]))) return { ...entries, content: 'opaque' };
  try {
    budget.takePath();
    const ids = [...new Set(ROLES.flatMap((role) => entries[role]?.id ?? []))];
    const contents = await trees.readBlobs(ids, budget.limits.mostBytesPerFile);
    const byId = new Map(ids.map((id, index) => [id, textOf(contents[index], budget)]));
    if ([...byId.values()].includes('binary')) return { ...entries, content: 'opaque' };
    const version = (entry: TreeEntry | undefined): TextVersion => {
      const text = entry && byId.get(entry.id);
      return text === undefined || text === 'binary' ? ABSENT : text;
    };
    const text: TextVersions = {
      base: version(entries.base),
      main: version(entries.main),
      item: version(entries.item),
      pristine: version(entries.pristine),
      result: version(entries.result),
    };
    return { ...entries, content: 'text', text };
  } catch (error) {
    if (error instanceof BudgetSpent) return { ...entries, content: 'unchecked', why: error.message };
    throw error;
  }
}

function textOf(content: Content | undefined, budget: Budget): TextVersion | 'binary' {
  if (content?.state === 'too-large') throw new BudgetSpent('mostBytesPerFile');
  // An object that a tree names and the repository does not hold.
  if (content?.state !== 'read') throw new BudgetSpent('mostBytes');
  budget.takeBytes(content.bytes.length);
  if (isBinary(content.bytes)) return 'binary';
  const lines = splitLines(content.bytes);
  if (lines.length > budget.limits.mostLines) throw new BudgetSpent('mostLines');
  return { lines, counts: countLines(lines) };
}
