import { stat } from 'node:fs/promises';
import type { WorktreeState } from '../pipeline/ports';
import { GitError } from './git-error';
import { canonical, type GitContext } from './repository-paths';
import { lineOf } from './run-git';

const MAX_DIRTY = 50;

/**
 * Where a folder stands: missing, something else, or a worktree of this repository with its commit, branch and changes.
 * @param except glob of files that do not count as long as git does not track them
 */
export async function readWorktree(git: GitContext, path: string, except: string | null): Promise<WorktreeState> {
  const place = await placeOf(git, path);
  if (place.state !== 'present') return place;
  const untracked = except === null ? 'normal' : 'no';
  const [head, branch, status, others] = await Promise.all([
    git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: path, accept: [0, 1] }),
    branchOf(git, path),
    git.run(
      ['status', '--porcelain=v1', '-z', '--no-renames', `--untracked-files=${untracked}`, '--ignore-submodules=none'],
      { cwd: path },
    ),
    except === null ? [] : untrackedBut(git, path, except),
  ]);
  if (head.code !== 0) return { state: 'not-a-worktree', detail: 'its branch has no commit yet' };
  const dirty = status.stdout
    .toString('utf8')
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => record.slice(3));
  return { state: 'present', head: lineOf(head), branch, dirty: [...dirty, ...others].slice(0, MAX_DIRTY) };
}

async function untrackedBut(git: GitContext, path: string, except: string): Promise<string[]> {
  const pathspec = ['.', `:(exclude,glob)${except}`];
  const answer = await git.run(['ls-files', '--others', '--exclude-standard', '-z', '--', ...pathspec], {
    cwd: path,
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
  return answer.stdout.toString('utf8').split('\0').filter(Boolean);
}

/** The branch that a worktree stands on, or null. */
export async function branchOf(git: GitContext, path: string): Promise<string | null> {
  const answer = await git.run(['symbolic-ref', '--quiet', 'HEAD'], { cwd: path, accept: [0, 1] });
  return answer.code === 0 ? lineOf(answer).replace(/^refs\/heads\//, '') : null;
}

/** Whether the folder is the top of a worktree of this repository. */
export async function placeOf(
  git: GitContext,
  path: string,
): Promise<{ state: 'missing' } | { state: 'not-a-worktree'; detail: string } | { state: 'present' }> {
  try {
    if (!(await stat(path)).isDirectory()) return { state: 'not-a-worktree', detail: 'it is not a folder' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return { state: 'missing' };
    return { state: 'not-a-worktree', detail: `it cannot be read (${String(error)})` };
  }
  let common: string;
  let top: string;
  try {
    common = await askPath(git, path, '--git-common-dir');
    top = await askPath(git, path, '--show-toplevel');
  } catch (error) {
    if (error instanceof GitError && error.code === 'failed') return { state: 'not-a-worktree', detail: error.detail };
    throw error;
  }
  if (common !== (await canonical(git.repository.commonDir)))
    return { state: 'not-a-worktree', detail: `it belongs to ${common}` };
  if (top !== (await canonical(path))) return { state: 'not-a-worktree', detail: `it lies inside the worktree ${top}` };
  return { state: 'present' };
}

/** One call for each path: a path may hold a newline. */
async function askPath(git: GitContext, cwd: string, what: string): Promise<string> {
  return canonical(lineOf(await git.run(['rev-parse', '--path-format=absolute', what], { cwd })));
}
