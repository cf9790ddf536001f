import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { notWritten } from './file-problems';
import type { GitContext } from './repository-paths';

/** Calls `use` with the variables of an index file of its own, and removes the file (and its lock) afterwards. */
export async function withTemporaryIndex<T>(
  git: GitContext,
  use: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const folder = join(git.repository.stateDir, 'tmp');
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw notWritten(folder, cause);
  }
  const file = join(folder, `index-${randomBytes(8).toString('hex')}`);
  try {
    return await use({ GIT_INDEX_FILE: file });
  } finally {
    await Promise.all([rm(file, { force: true }), rm(`${file}.lock`, { force: true })]);
  }
}
