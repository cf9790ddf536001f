import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Repository } from '../engine';
import { bareRepository, gitTooOld, noCommits, notARepository, repositoryRefused } from './problems';
import { canonical } from './repository-paths';
import { createRunGit, lineOf, type RunGit } from './run-git';
import { exists } from './wait-for-lock';
import { parseWorktreeList } from './worktree-list';

/** `merge-tree --write-tree`, which every content check needs, came with 2.38. */
const LEAST_VERSION = [2, 38] as const;

/**
 * Finds the repository that a folder belongs to, from any worktree of it.
 * @param env the environment that git is looked for in
 * @throws GitError `git-missing`, `git-too-old`, `not-a-repository`, `refused` (git will not read it), `bare`, `no-commits`
 */
export async function openRepository(cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<Repository> {
  const folder = resolve(cwd);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw notARepository(folder, 'is not a folder');
  const run = createRunGit(folder, env);
  await checkVersion(run);
  const common = await run(['rev-parse', '--path-format=absolute', '--git-common-dir'], { accept: [0, 128] });
  if (common.code !== 0) throw await explainAbsence(folder, common.stderr.trim());
  const commonDir = await canonical(lineOf(common));
  const root = await findRoot(run, commonDir);
  if (root === null) throw bareRepository(commonDir);
  const any = await run(['rev-list', '--max-count=1', '--all'], { accept: [0, 128] });
  if (any.code !== 0 || any.stdout.length === 0) throw noCommits(root);
  return { root, name: basename(root), commonDir, stateDir: join(commonDir, 'interlock') };
}

async function checkVersion(run: RunGit): Promise<void> {
  const text = lineOf(await run(['--version']));
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const found = [Number(major ?? 0), Number(minor ?? 0)] as const;
  if (found[0] > LEAST_VERSION[0] || (found[0] === LEAST_VERSION[0] && found[1] >= LEAST_VERSION[1])) return;
  throw gitTooOld(text, LEAST_VERSION.join('.'));
}

/** Top folder of the main worktree, also when asked from a linked one; null for a bare repository. */
async function findRoot(run: RunGit, commonDir: string): Promise<string | null> {
  const gitDir = await canonical(lineOf(await run(['rev-parse', '--path-format=absolute', '--git-dir'])));
  const inside = lineOf(await run(['rev-parse', '--is-inside-work-tree'])) === 'true';
  // In a submodule the list below names the folder of its repository, so the main worktree answers for itself.
  if (gitDir === commonDir && inside) return canonical(lineOf(await run(['rev-parse', '--show-toplevel'])));
  const main = parseWorktreeList((await run(['worktree', 'list', '--porcelain', '-z'])).stdout.toString('utf8'))[0];
  if (main === undefined || main.bare) return null;
  return canonical(main.path);
}

/** git ends with 128 both where there is no repository and where it will not read one (another owner, damage). */
async function explainAbsence(folder: string, words: string): Promise<Error> {
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return repositoryRefused(at, words);
    if (at === dirname(at)) return notARepository(folder, 'is not in a git repository');
  }
}
