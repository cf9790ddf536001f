import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritten } from './file-problems';
import { badName } from './problems';
import {
  branchCheckedOut,
  folderInUse,
  registeredElsewhere,
  worktreeHalfMade,
  worktreeOnOtherBranch,
} from './worktree-problems';
import { commitOf, mustBeCommit } from './read-objects';
import { branchOf, placeOf } from './read-worktree';
import { isBranchName } from './ref-name';
import { canonical, type GitContext } from './repository-paths';
import { exists, retryWhileLocked } from './wait-for-lock';
import { listWorktrees, type WorktreeRecord } from './worktree-list';

/** A full checkout of 50,000 files was measured at up to a minute. */
const CHECKOUT_TIMEOUT_MS = 600_000;

/**
 * Makes a worktree on `branch`, which is created at `base` only where it does not exist. Done already: returns quietly.
 * Throws `branch-checked-out` and `worktree-registered-elsewhere` (fact `path`: the other worktree), `folder-in-use`,
 * `worktree-on-other-branch`, `worktree-half-made`, `missing-commit`, `bad-name`, `locked`, `not-writable`.
 */
export async function addWorktree(git: GitContext, path: string, branch: string, base: string): Promise<void> {
  if (!isBranchName(branch)) throw badName('branch', branch);
  const wanted = await canonical(path);
  const records = await Promise.all(
    (await listWorktrees(git)).map(async (record) => ({ ...record, path: await canonical(record.path) })),
  );
  const here = records.find((record) => record.path === wanted);
  if (here !== undefined && here.locked === 'initializing') throw worktreeHalfMade(path);
  if ((await placeOf(git, path)).state === 'present') return mustStandOn(git, path, branch);
  await mustBeFree(path);
  await mustBeUnused(records, wanted, branch);

  const args = ['worktree', 'add', '--no-guess-remote', '--quiet'];
  // Its folder was removed by hand: git wants to hear that the record may be used again. The checks above stand in for those of --force.
  if (here !== undefined) args.push('--force');
  if ((await commitOf(git, `refs/heads/${branch}`)) === null)
    args.push('--no-track', '-b', branch, '--', path, await mustBeCommit(git, base));
  else args.push('--', path, branch);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw notWritten(path, cause);
  }
  const lock = join(git.repository.commonDir, 'refs', 'heads', `${branch}.lock`);
  await retryWhileLocked(lock, git.lockWaitMs, () => git.run(args, { timeoutMs: CHECKOUT_TIMEOUT_MS }));
}

async function mustStandOn(git: GitContext, path: string, branch: string): Promise<void> {
  const actual = await branchOf(git, path);
  if (actual !== branch) throw worktreeOnOtherBranch(path, branch, actual);
}

/** git takes an empty folder; anything in one is somebody's. */
async function mustBeFree(path: string): Promise<void> {
  if (!(await exists(path))) return;
  let entries: string[];
  try {
    entries = await readdir(path);
  } catch {
    throw folderInUse(path);
  }
  if (entries.length > 0) throw folderInUse(path);
}

async function mustBeUnused(records: readonly WorktreeRecord[], wanted: string, branch: string): Promise<void> {
  const other = records.find((record) => record.branch === branch && record.path !== wanted);
  if (other === undefined) return;
  throw (await exists(other.path))
    ? branchCheckedOut(branch, other.path, wanted)
    : registeredElsewhere(branch, other.path);
}
