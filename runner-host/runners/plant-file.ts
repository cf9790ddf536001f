import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** Writes a new file into a worktree. Throws where one is there already, or where a link would lead out of the worktree. */
export async function plantFile(worktree: string, { path, text }: { path: string; text: string }): Promise<void> {
  const target = join(worktree, path);
  await mkdir(dirname(target), { recursive: true });
  const way = relative(await realpath(worktree), await realpath(dirname(target)));
  if (way.split(sep)[0] === '..') throw new Error(`${path} leads out of the worktree`);
  await writeFile(target, text, { flag: 'wx' });
}
