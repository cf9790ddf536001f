import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notWritten, pathOutside } from './file-problems';
import { isPlainPath } from './plain-path';

/**
 * Makes the folders of `path` below the worktree, one by one, and refuses a symbolic link among them:
 * a branch may hold a link that leads a write out of the worktree.
 */
export async function makeFolders(worktree: string, path: string): Promise<void> {
  if (!isPlainPath(path)) throw pathOutside(path, 'it is not a plain relative path');
  let folder = worktree;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    try {
      await mkdir(folder);
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw notWritten(folder, cause);
      const found = await lstat(folder);
      if (!found.isDirectory())
        throw pathOutside(path, `${folder} is ${found.isSymbolicLink() ? 'a symbolic link' : 'not a folder'}`);
    }
  }
}
