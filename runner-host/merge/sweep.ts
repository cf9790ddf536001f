import { readdir, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gate } from './gate';
import { GateStop, infra } from './gate-stop';
import { processesInside, type InsideProcess } from './processes-inside';
import { sweepWorktrees } from './worktrees';

/** How long git and suites of a gate that was killed may take to end by themselves. */
const LEFTOVER_WAIT_MS = 20_000;
const LOOK_MS = 50;
/** Where processes can't be seen: no call of git by the gate lasts longer. */
const CERTAINLY_DEAD_MS = 35 * 60_000;

/**
 * Clears what a gate that was killed left in the gate's own folders: worktrees whole or half made, and git's lock files. The gate's lock
 * is held, so none of it is in use once no process works there. Throws `GateStop` if one does.
 */
export async function sweep(gate: Gate): Promise<void> {
  const { context, mirror } = gate;
  const locks = await lockFiles(mirror.git.folder);
  const mirrors = (await readdir(context.folder)).filter((name) => name.startsWith('mirror.git.'));
  const worktrees = await anyIn(gate);
  if (locks.length === 0 && mirrors.length === 0 && !worktrees) return;
  const seen = await waitForLeftovers(gate);
  for (const lock of await lockFiles(mirror.git.folder)) {
    const age =
      Date.now() -
      (await stat(lock).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ));
    // One that is kept makes git fail, which is infra: better than taking it from a git that is at work.
    if (seen || age > CERTAINLY_DEAD_MS) await unlink(lock).catch(() => undefined);
  }
  for (const name of mirrors) await rm(join(context.folder, name), { recursive: true, force: true, maxRetries: 3 });
  const swept = await sweepWorktrees(mirror.git, gate.worktrees);
  context.log(`cleared after an earlier gate: ${locks.length} lock(s), ${swept} worktree(s)`);
}

async function anyIn({ worktrees, mirror }: Gate): Promise<boolean> {
  const lists = await Promise.all([worktrees, join(mirror.git.folder, 'worktrees')].map((folder) => namesIn(folder)));
  return lists.some((names) => names.length > 0);
}

/** Returns whether it could be seen at all. */
async function waitForLeftovers({ context, mirror, worktrees }: Gate): Promise<boolean> {
  const deadline = Date.now() + LEFTOVER_WAIT_MS;
  for (;;) {
    const lists = await Promise.all(
      [mirror.git.folder, worktrees].map((folder) => processesInside(folder, context.table)),
    );
    const left = lists.flat().filter((one): one is InsideProcess => one !== undefined);
    const [first] = left;
    if (first === undefined) return !lists.includes(undefined);
    if (Date.now() > deadline)
      throw new GateStop(
        infra('leftover-process', 'CLAIM', `${first.pid} ${first.command} still works in ${dirname(worktrees)}`),
      );
    await sleep(LOOK_MS);
  }
}

/** git's lock files, everywhere but among the objects (whose temporary files harm nobody). */
async function lockFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'objects') await look(join(path, entry.name));
      else if (entry.isFile() && entry.name.endsWith('.lock')) found.push(join(path, entry.name));
    }
  };
  await look(folder);
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
