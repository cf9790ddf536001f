import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The path relative to the worktree, with `/`, or null for one that leaves it. Lexical only: whoever opens the file
 * resolves symbolic links first and asks again.
 */
export function insideWorktree(worktree: string, path: string): string | null {
  if (path === '' || path.includes('\0')) return null;
  const inner = relative(worktree, resolve(worktree, path));
  if (inner === '' || inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner)) return null;
  return inner.split(sep).join('/');
}
