import { shownPath } from './conflict-files';
import { settle, type Entry, type Gate } from './gate';

const SUBMODULE = '160000';

/**
 * Settles an item whose candidate the gate can't test or land whole: a submodule that it moves may point to a commit that no server has, and
 * the gate's worktree has none of their files. Returns whether it did.
 */
export async function refuseSubmodules(gate: Gate, entry: Entry, main: string, candidate: string): Promise<boolean> {
  const changes = await gate.trees.changes(main, candidate);
  const moved = changes.filter(({ before, after }) => before?.mode === SUBMODULE || after?.mode === SUBMODULE);
  if (moved.length > 0) {
    settle(entry, {
      outcome: 'POLICY',
      rule: 'submodules',
      detail: `the item moves submodules: ${moved
        .slice(0, 5)
        .map(({ path }) => shownPath(path))
        .join(', ')}`,
      remedy: 'Push the submodules, land this change by hand, and let the item follow without it',
    });
    return true;
  }
  if (gate.spec.submodules === 'empty') return false;
  const [modules] = await gate.trees.readPaths(candidate, ['.gitmodules'], 1024 * 1024);
  if (modules?.state === 'absent') return false;
  settle(entry, {
    outcome: 'POLICY',
    rule: 'submodules',
    detail: 'the repository has submodules, and the gate tests without their files',
    remedy: 'Say that the suite does not need them ("submodules": "empty"), or land by hand',
  });
  return true;
}
