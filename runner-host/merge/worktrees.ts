import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GitFailure } from '../git/run-git';
import { borrowPackages } from '../runners/borrow-packages';
import type { GateGit } from './gate-git';
import { GateStop, infra } from './gate-stop';
import type { Target } from './open-mirror';

const CHECKOUT_BOUND_MS = 10 * 60_000;

export interface WorktreeRequest {
  /** The gate's folder `worktrees`. */
  folder: string;
  /** Unique: no other worktree ever had this name. */
  name: string;
  commit: string;
  target: Target;
  packagesFrom: string | null;
  env: NodeJS.ProcessEnv;
}

/** Makes a worktree of the gate's own on a commit. Returns its path. Throws `GateStop` (lfs-missing), `GitFailure`. */
export async function addWorktree(git: GateGit, request: WorktreeRequest): Promise<string> {
  const { folder, name, commit, target, packagesFrom, env } = request;
  await refuseMissingLfs(git, commit);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  // A filter (LFS) asks the repository for its remote.
  const remote = target.local ? [] : ['-c', `remote.origin.url=${target.url}`];
  await git.run([...remote, 'worktree', 'add', '--quiet', '--detach', '--', path, commit], {
    settings: 'user',
    variables: target.variables,
    timeoutMs: CHECKOUT_BOUND_MS,
  });
  if (packagesFrom !== null) await borrowPackages(packagesFrom, path, env);
  return path;
}

/** Removes one of the gate's own worktrees and git's record of it, whole or half made. Never the global prune. */
export async function removeWorktree(git: GateGit, path: string): Promise<void> {
  // What is borrowed is linked, and a link is removed as such.
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
  await rm(join(git.folder, 'worktrees', basename(path)), { recursive: true, force: true, maxRetries: 3 });
}

/** Removes every worktree of the gate's: under its lock none is in use. Returns how many. */
export async function sweepWorktrees(git: GateGit, folder: string): Promise<number> {
  const names = new Set([...(await namesIn(folder)), ...(await namesIn(join(git.folder, 'worktrees')))]);
  for (const name of names) await removeWorktree(git, join(folder, name));
  return names.size;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Without LFS the files would be pointers, and the suite would fail for it: that says nothing about the code. */
async function refuseMissingLfs(git: GateGit, commit: string): Promise<void> {
  const pathspecs = ['.gitattributes', ':(glob)**/.gitattributes'];
  const asked = await git.ask(
    ['--no-literal-pathspecs', 'grep', '-l', '-z', '-F', '-e', 'filter=lfs', commit, '--', ...pathspecs],
    {},
  );
  if (asked.code === 1) return;
  if (asked.code !== 0) throw new GitFailure(['grep', commit], asked.stderr.trim());
  const configured = await git.ask(['config', '--get-regexp', '^filter\\.lfs\\.(process|smudge)$'], {
    settings: 'user',
  });
  const installed = await git.ask(['lfs', 'version'], { settings: 'user' });
  if (configured.code === 0 && installed.code === 0) return;
  const what = installed.code === 0 ? 'git-lfs is not set up for this user' : 'git-lfs is not installed';
  throw new GateStop(infra('lfs-missing', 'TEST', `the tree has files in LFS, and ${what}`));
}
