import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { insideWorktree } from './worktree-path';

/** The file's real path, or null if it is missing or leaves the worktree. */
export async function realInside(worktree: string, path: string): Promise<string | null> {
  if (insideWorktree(worktree, path) === null) return null;
  try {
    const root = await realpath(worktree);
    const real = await realpath(resolve(worktree, path));
    return insideWorktree(root, real) === null ? null : real;
  } catch {
    return null;
  }
}
