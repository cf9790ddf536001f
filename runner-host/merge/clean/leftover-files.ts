import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GitFailure } from '../../git/run-git';
import type { CleanTools } from './clean-tools';

/** More are not looked through: then nobody has looked. */
const MOST_ENTRIES = 500_000;
/** Packages of others: what is developed in them is not this worktree's. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', '.venv', 'venv']);

/**
 * All that lies in a worktree and is not in the commit, ignored or not: bytes, one character each; a folder of which nothing is in
 * the commit is one entry that ends with `/`. By an index of its own: who has added an ignored file to the worktree's index, and
 * not committed it, would hide it. Throws `GitFailure`.
 */
export async function leftoverFiles(
  { git }: Pick<CleanTools, 'git'>,
  worktree: string,
  commit: string,
  index: string,
): Promise<string[]> {
  const call = { folder: worktree, settings: 'user', variables: { GIT_INDEX_FILE: index } } as const;
  await git.run(['read-tree', commit], call);
  const answer = await git.run(['ls-files', '-z', '--others', '--directory', '--no-empty-directory'], call);
  return answer.stdout
    .toString('latin1')
    .split('\0')
    .filter((path) => path !== '');
}

/**
 * A repository inside of these folders, which would be removed with its history, or null. Throws `GitFailure` where there is too
 * much to look through.
 */
export async function repositoryInside(worktree: string, folders: readonly string[]): Promise<string | null> {
  let entries = 0;
  const look = async (folder: Buffer): Promise<string | null> => {
    for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw new GitFailure(['ls-files'], `${worktree} has too many files to look through`);
      const name = entry.name.toString('latin1');
      if (name === '.git') return folder.toString('utf8');
      if (!entry.isDirectory() || PASSED_OVER.has(name)) continue;
      const found = await look(Buffer.concat([folder, Buffer.from('/'), entry.name]));
      if (found !== null) return found;
    }
    return null;
  };
  for (const path of folders) {
    const plain = path.replace(/\/$/, '');
    if (PASSED_OVER.has(plain.split('/').at(-1) ?? '')) continue;
    const found = await look(Buffer.from(join(Buffer.from(worktree).toString('latin1'), plain), 'latin1'));
    if (found !== null) return found;
  }
  return null;
}
