import { constants } from 'node:fs';
import { open, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainPath } from './plain-path';
import { notAFile, notRead, pathOutside } from './file-problems';
import { outputTooLarge } from './problems';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Bytes of a file as it lies in a worktree, or null if it is not there. A link on the way is not followed and only a
 * regular file is opened: a pipe would never end, a link could lead anywhere.
 */
export async function readWorktreeFile(worktree: string, path: string): Promise<Buffer | null> {
  if (!isPlainPath(path)) throw pathOutside(path, 'it is not a plain relative path');
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const at = parts.slice(0, depth).join('/');
    try {
      const found = await lstat(join(worktree, at));
      if (depth < parts.length ? !found.isDirectory() : !found.isFile()) throw notAFile(at, kindOf(found));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error instanceof Error && 'errno' in error ? notRead(join(worktree, at), error) : error;
    }
  }
  return readRegular(join(worktree, path));
}

async function readRegular(file: string): Promise<Buffer | null> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if ((await handle.stat()).size > MAX_BYTES) throw outputTooLarge(file);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error instanceof Error && 'errno' in error ? notRead(file, error) : error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function kindOf(found: { isSymbolicLink(): boolean; isDirectory(): boolean }): string {
  if (found.isSymbolicLink()) return 'symbolic link';
  return found.isDirectory() ? 'folder' : 'special file';
}
