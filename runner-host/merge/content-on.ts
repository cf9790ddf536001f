import type { Trees } from './checks/trees';
import { shownPath } from './conflict-files';

/** More paths are not named. */
export const MOST_PATHS = 50;

export type ContentOn =
  | { state: 'contained' }
  /** The item changed nothing since its fork. */
  | { state: 'empty' }
  /** `paths`: at most `MOST_PATHS`. */
  | { state: 'missing'; paths: string[] }
  /** The target has other lines in the same places: nothing can be said. */
  | { state: 'conflict'; paths: string[] };

/** Whether what was changed from `fork` to `head` is in the target, by content, however it came there. */
export async function contentOn(trees: Trees, fork: string, head: string, target: string): Promise<ContentOn> {
  const [before, after, there] = await Promise.all([trees.tree(fork), trees.tree(head), trees.tree(target)]);
  if (before === after) return { state: 'empty' };
  const merged = await trees.merge(fork, target, head);
  const first = (paths: readonly string[]): string[] => paths.slice(0, MOST_PATHS).map(shownPath);
  if (merged.conflicts.length > 0) return { state: 'conflict', paths: first(merged.conflicts.map(({ path }) => path)) };
  if (merged.tree === there) return { state: 'contained' };
  return { state: 'missing', paths: first((await trees.changes(there, merged.tree)).map(({ path }) => path)) };
}
