import { lstat, rm } from 'node:fs/promises';
import { GitFailure, runGit } from '../git/run-git';
import type { TestRunSpec } from '../protocol/run-spec';
import { borrowPackages } from './borrow-packages';
import { plantFile } from './plant-file';

/** A worktree that is made for one run; its name says whose it is, beside the one that it borrows from. */
export function scratchPath(from: string, run: string): string {
  return `${from}.${run}`;
}

/**
 * Makes the run's own worktree on its commit, without a branch and without hooks, with the packages that are installed in
 * the worktree it borrows from. Throws `GitFailure` when git could not, and where something stands in its place.
 */
export async function makeScratch(spec: TestRunSpec, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const from = ownedFrom(spec);
  if (from === null)
    throw new GitFailure([], `${spec.worktree} is not the name of a scratch worktree of run ${spec.run}`);
  if ((await lstat(spec.worktree).catch(() => null)) !== null)
    throw new GitFailure([], `${spec.worktree} is there already`);
  await runGit(['worktree', 'add', '--detach', '--quiet', '--', spec.worktree, spec.head], {
    folder: from,
    env,
    signal,
  });
  await borrowPackages(from, spec.worktree, env);
  if (spec.scratch?.plant) await plantFile(spec.worktree, spec.scratch.plant);
}

/**
 * Removes what `makeScratch` made, also half made, and git's record of it. Nothing else: only a folder that bears the run's
 * own name, never through a link. Quiet where there is nothing.
 */
export async function removeScratch(spec: TestRunSpec, env: NodeJS.ProcessEnv): Promise<void> {
  const from = ownedFrom(spec);
  if (from === null) return;
  const there = await lstat(spec.worktree).catch(() => null);
  if (there?.isSymbolicLink()) throw new Error('it is a symbolic link, and none of ours');
  // What is borrowed is linked, and a link is removed as such.
  if (there !== null) await rm(spec.worktree, { recursive: true, force: true, maxRetries: 3 });
  const records = await runGit(['worktree', 'list', '--porcelain', '-z'], { folder: from, env });
  if (!records.split('\0').includes(`worktree ${spec.worktree}`)) return;
  await runGit(['worktree', 'remove', '--force', '--force', '--', spec.worktree], { folder: from, env });
}

/** The path comes from a request: only one that bears the run's own name is made or removed. */
function ownedFrom({ scratch, worktree, run }: TestRunSpec): string | null {
  return scratch !== undefined && worktree === scratchPath(scratch.from, run) ? scratch.from : null;
}
