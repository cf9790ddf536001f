import { mustBeCommit } from './read-objects';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';
import { withTemporaryIndex } from './temporary-index';

/**
 * The tree of a commit without a folder: what is tested, so that a report written into the folder does not change it.
 * Names pass through as bytes. The index is a file of its own: nobody's checkout is touched or waited for.
 */
export async function treeWithout(git: GitContext, commit: string, folder: string): Promise<string> {
  const id = await mustBeCommit(git, commit);
  const inside = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', id, '--', folder]);
  if (inside.stdout.length === 0) return lineOf(await git.run(['rev-parse', '--verify', `${id}^{tree}`]));
  return withTemporaryIndex(git, async (env) => {
    await git.run(['read-tree', id], { env });
    await git.run(['update-index', '-z', '--force-remove', '--stdin'], { env, input: inside.stdout });
    return lineOf(await git.run(['write-tree'], { env }));
  });
}
