import { mustBeCommit } from './read-objects';
import type { GitContext } from './repository-paths';

/** Paths of all files of a commit, relative to the root, with `/`. Throws `missing-commit`. */
export async function listFiles(git: GitContext, commit: string): Promise<string[]> {
  const listing = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', await mustBeCommit(git, commit)]);
  return listing.stdout.toString('utf8').split('\0').filter(Boolean);
}
