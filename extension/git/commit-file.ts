import { join } from 'node:path';
import { authorFor } from './author';
import { makeFolders } from './inside-worktree';
import { isPlainPath } from './plain-path';
import { pathOutside } from './file-problems';
import { detachedHead, headMoved, notAWorktree, worktreeMissing } from './worktree-problems';
import { entryOf } from './read-objects';
import { branchOf, placeOf } from './read-worktree';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';
import { withTemporaryIndex } from './temporary-index';
import { retryWhileLocked, waitForLock } from './wait-for-lock';
import { writeFileWhole } from './write-file';

/**
 * Writes one file and commits it, alone, on the worktree's branch. Returns the commit.
 *
 * The commit is built beside the user's index and the branch moves by compare-and-swap from `expectedHead`, so what the
 * user has staged stays staged, no hook, filter or signing program runs, and a branch that moved meanwhile is not touched.
 * The same bytes already committed there: returns the present head, and repairs what a crash right after the commit left
 * (the file, the index entry). That answer comes before the check of `expectedHead`, which such a crash has outdated.
 *
 * Throws `head-moved`, `detached`, `worktree-missing`, `not-a-worktree`, `path-outside`, `not-writable`, `disk-full`, `locked`:
 * nothing is committed then, unless the index stays locked after the commit: asking again finishes that.
 */
export async function commitFile(
  git: GitContext,
  worktree: string,
  path: string,
  text: string,
  message: string,
  expectedHead: string,
): Promise<string> {
  if (!isPlainPath(path)) throw pathOutside(path, 'it is not a plain relative path');
  const place = await placeOf(git, worktree);
  if (place.state === 'missing') throw worktreeMissing(worktree);
  if (place.state === 'not-a-worktree') throw notAWorktree(worktree, place.detail);
  const branch = await branchOf(git, worktree);
  if (branch === null) throw detachedHead(worktree);
  const ref = `refs/heads/${branch}`;
  const head = await tipOf(git, ref);
  if (head === null) throw notAWorktree(worktree, 'its branch has no commit yet');

  const blob = lineOf(await git.run(['hash-object', '-w', '--stdin'], { input: text }));
  const committed = await entryOf(git, head, path);
  const done = committed?.object === blob && committed.mode === '100644';
  if (!done && head !== expectedHead) throw headMoved(worktree, expectedHead, head);

  const index = lineOf(
    await git.run(['rev-parse', '--path-format=absolute', '--git-path', 'index'], { cwd: worktree }),
  );
  await waitForLock(`${index}.lock`, git.lockWaitMs);
  await makeFolders(worktree, path);
  await writeFileWhole(join(worktree, path), text);
  const commit = done ? head : await moveBranch(git, worktree, ref, await build(git, path, blob, message, head), head);
  await retryWhileLocked(`${index}.lock`, git.lockWaitMs, () =>
    git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { cwd: worktree }),
  );
  return commit;
}

async function tipOf(git: GitContext, ref: string): Promise<string | null> {
  const answer = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { accept: [0, 1] });
  return answer.code === 0 ? lineOf(answer) : null;
}

async function build(git: GitContext, path: string, blob: string, message: string, parent: string): Promise<string> {
  const env = await authorFor(git);
  return withTemporaryIndex(git, async (index) => {
    await git.run(['read-tree', parent], { env: index });
    await git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env: index });
    const tree = lineOf(await git.run(['write-tree'], { env: index }));
    return lineOf(await git.run(['commit-tree', '-p', parent, '-F', '-', tree], { input: message, env }));
  });
}

/** Moves the branch from `from` to `to`; run in the worktree, so that its HEAD's log has the line too. */
async function moveBranch(git: GitContext, worktree: string, ref: string, to: string, from: string): Promise<string> {
  const lock = join(git.repository.commonDir, `${ref}.lock`);
  await retryWhileLocked(lock, git.lockWaitMs, async () => {
    try {
      await git.run(['update-ref', '-m', 'interlock: commit', ref, to, from], { cwd: worktree });
    } catch (error) {
      const actual = await tipOf(git, ref);
      if (actual !== null && actual !== from) throw headMoved(worktree, from, actual);
      throw error;
    }
  });
  return to;
}
