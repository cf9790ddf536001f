import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { CleanObstacle } from '../../protocol/merge-clean';
import { obstacle, typed, type CleanTools } from './clean-tools';
import { listPlaces } from './places';
import { processObstacles } from './worktree-obstacles';

/** Where a worktree is moved before it is removed. */
export function trashOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.interlock-removed`);
}

/**
 * Removes a worktree that was found to hold nothing of its own, and git's record of it. It is moved aside by one rename first: killed at any
 * place, it is either whole or out of the way, never half there; a second call finishes. Who came into it between the look and the
 * rename is found after that, and it is moved back. Throws what file system or git say.
 */
export async function takeAway(tools: CleanTools, path: string): Promise<CleanObstacle[]> {
  const { git, commonDir, reach } = tools;
  await clearTrash(tools, path);
  if (existsSync(path)) {
    await rename(path, trashOf(path));
    const inside = await processObstacles(tools, trashOf(path));
    if (inside.length > 0) {
      await rename(trashOf(path), path);
      return inside;
    }
    await reach?.('moved-aside');
  }
  // Without the folder git removes its record alone. The global prune would remove others', too.
  await git.run(['worktree', 'remove', '--', path], { folder: commonDir, settings: 'user' });
  await reach?.('off-record');
  await clearTrash(tools, path);
  await reach?.('worktree-removed');
  return [];
}

/** Removes what a worktree was moved to. Throws where that is none of this repository's. */
export async function clearTrash(tools: Pick<CleanTools, 'commonDir' | 'reach'>, path: string): Promise<boolean> {
  const trash = trashOf(path);
  const found = await lstat(trash).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return false;
  if (!found.isDirectory() || !(await isOurs(trash, tools.commonDir)))
    throw new Error(`${trash} is not what a clean-up has left there: look at it, and move it away`);
  // What says whose it is goes last: one that is half removed is still known.
  for (const name of await readdir(trash))
    if (name !== '.git') await rm(join(trash, name), { recursive: true, force: true, maxRetries: 3 });
  await tools.reach?.('half-removed');
  await rm(join(trash, '.git'), { force: true });
  await rmdir(trash);
  return true;
}

async function isOurs(trash: string, commonDir: string): Promise<boolean> {
  const text = await readFile(join(trash, '.git'), 'utf8').catch(() => null);
  if (text === null) return (await readdir(trash)).length === 0;
  const link = /^gitdir: (.+?)\r?\n?$/s.exec(text)?.[1];
  if (link === undefined) return false;
  // <common folder>/worktrees/<name>; the last two are gone by now, perhaps.
  const repository = await realpath(resolve(trash, link, '..', '..')).catch(() => null);
  return repository === (await realpath(commonDir));
}

/** Whether the branch may be deleted still: nobody has checked it out meanwhile. */
export async function stillNowhere(tools: CleanTools, ref: string): Promise<CleanObstacle[]> {
  const there = (await listPlaces(tools)).find(({ branch }) => branch === ref);
  return there === undefined ? [] : [checkedOutIn(there.path, ref)];
}

export function checkedOutIn(path: string, ref: string): CleanObstacle {
  const name = ref.replace(/^refs\/heads\//, '');
  return obstacle(
    'checked-out-elsewhere',
    `${path} has ${name} checked out`,
    `git -C ${typed(path)} switch another branch`,
  );
}
