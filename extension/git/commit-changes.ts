import type { FileChange } from '../pipeline/ports';
import { authorFor } from './author';
import { headMoved } from './worktree-problems';
import { entryOf } from './read-objects';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';
import { withTemporaryIndex } from './temporary-index';

/** A commit on no branch, on top of `onto`: built beside everybody's index; no hook, filter or signing program runs. */
export async function commitChanges(
  git: GitContext,
  onto: string,
  changes: readonly FileChange[],
  message: string,
): Promise<string> {
  const env = await authorFor(git);
  return withTemporaryIndex(git, async (index) => {
    await git.run(['read-tree', onto], { env: index });
    for (const { from, to, bytes } of changes) {
      const entry = await entryOf(git, onto, from);
      const blob = lineOf(await git.run(['hash-object', '-w', '--stdin'], { input: bytes }));
      if (from !== to) await git.run(['update-index', '--force-remove', '--', from], { env: index });
      await git.run(['update-index', '--add', '--cacheinfo', `${entry?.mode ?? '100644'},${blob},${to}`], {
        env: index,
      });
    }
    const tree = lineOf(await git.run(['write-tree'], { env: index }));
    return lineOf(await git.run(['commit-tree', '-p', onto, '-F', '-', tree], { input: message, env }));
  });
}

/**
 * Moves a branch that a clean worktree has checked out, by compare-and-swap, and the worktree's files with it.
 * @throws GitError `head-moved` where the branch is elsewhere by now; a file that was changed meanwhile is left alone, and git says so
 */
export async function forward(
  git: GitContext,
  worktree: string,
  branch: string,
  from: string,
  to: string,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  try {
    await git.run(['update-ref', '-m', 'interlock: commit', ref, to, from], { cwd: worktree });
  } catch (error) {
    const now = await git.run(['rev-parse', '--verify', '--quiet', ref], { accept: [0, 1] });
    if (now.code === 0 && lineOf(now) !== from) throw headMoved(worktree, from, lineOf(now));
    throw error;
  }
  await git.run(['read-tree', '-m', '-u', from, to], { cwd: worktree });
}
