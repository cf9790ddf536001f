import { mustBeCommit } from './read-objects';
import type { GitContext } from './repository-paths';

/** Paths of all files of a commit below a folder (`''`: all), relative to the root, with `/`. Throws `missing-commit`. */
export async function listFiles(git: GitContext, commit: string, folder = ''): Promise<string[]> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', await mustBeCommit(git, commit)];
  const listing = await git.run(folder === '' ? args : [...args, '--', `${folder}/`]);
  return listing.stdout.toString('utf8').split('\0').filter(Boolean);
}
