import type { PathEntries } from './path-versions';
import type { BytePath, PristineMerge, TreeChange, TreeEntry, Trees } from './trees';

/** The commits of one comparison. */
export interface Leg {
  base: string;
  main: string;
  item: string;
  /** A commit or a tree. */
  result: string;
}

/** Every path that the result does not have as git alone would have merged it. Throws `GitFailure`. */
export async function suspects(trees: Trees, leg: Leg, pristine: PristineMerge): Promise<PathEntries[]> {
  const [ofMain, ofItem, ofResult] = await Promise.all([
    trees.changes(leg.base, leg.main).then(byPath),
    trees.changes(leg.base, leg.item).then(byPath),
    trees.changes(pristine.tree, leg.result).then(byPath),
  ]);
  const conflicts = new Map(pristine.conflicts.map((conflict) => [conflict.path, conflict]));
  // A conflicted path that the result has as git left it, marks and all, is not among the changes.
  const untouched = [...conflicts.keys()].filter((path) => !ofResult.has(path));
  const asLeft = new Map(
    untouched.length === 0 ? [] : (await trees.list(pristine.tree, '')).map((entry) => [entry.path, entry]),
  );
  return [...new Set([...conflicts.keys(), ...ofResult.keys()])].sort(compareBytes).map((path) => {
    const left = asLeft.get(path);
    const entry = left && { mode: left.mode, id: left.id };
    const { before: merged, after: result } = ofResult.get(path) ?? { before: entry, after: entry };
    const conflict = conflicts.get(path);
    if (conflict) {
      const { base, ours: main, theirs: item } = conflict;
      return { path, conflicted: true, base, main, item, pristine: merged, result };
    }
    const known = ofMain.get(path) ?? ofItem.get(path);
    const base = known ? known.before : merged;
    const after = (side: Map<BytePath, TreeChange>): TreeEntry | undefined =>
      side.has(path) ? side.get(path)?.after : base;
    return { path, conflicted: false, base, main: after(ofMain), item: after(ofItem), pristine: merged, result };
  });
}

const byPath = (changes: readonly TreeChange[]): Map<BytePath, TreeChange> =>
  new Map(changes.map((change) => [change.path, change]));

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
