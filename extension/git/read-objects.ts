import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectId } from './object-id';
import { notAFile } from './file-problems';
import { badName, damagedReference, missingCommit, shallowHistory } from './problems';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';

/**
 * The commit that a name stands for, or null if there is none.
 * A reference that is there but broken, or leads to an object that is not, throws `damaged`: it is not "no such branch".
 */
export async function commitOf(git: GitContext, name: string): Promise<string | null> {
  if (name === '' || name.startsWith('-') || name.includes('\0')) throw badName('commit', name);
  const answer = await git.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], { accept: [0, 1] });
  if (answer.code === 0) return lineOf(answer);
  if (name.startsWith('refs/') && (await isBroken(git, name))) throw damagedReference(name);
  return null;
}

/** git tells a broken reference from a missing one only in words. */
async function isBroken(git: GitContext, ref: string): Promise<boolean> {
  const resolved = await git.run(['rev-parse', '--verify', '--quiet', ref], { accept: [0, 1] });
  if (resolved.code === 0) return true;
  const loose = await stat(join(git.repository.commonDir, ref)).catch(() => null);
  return loose?.isFile() ?? false;
}

/** Throws `missing-commit` where `commitOf` says null. */
export async function mustBeCommit(git: GitContext, name: string): Promise<string> {
  const commit = await commitOf(git, name);
  if (commit === null) throw missingCommit(name);
  return commit;
}

export interface TreeEntry {
  mode: string;
  type: string;
  object: string;
}

/** The entry at a path of a commit, or null. Paths are literal and relative to the root. */
export async function entryOf(git: GitContext, commit: string, path: string): Promise<TreeEntry | null> {
  if (!isObjectId(commit)) throw badName('commit', commit);
  const answer = await git.run(['ls-tree', '-z', '--full-tree', commit, '--', path]);
  for (const record of answer.stdout.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, type, object] = record.slice(0, tab).split(' ');
    if (record.slice(tab + 1) === path && mode !== undefined && type !== undefined && object !== undefined)
      return { mode, type, object };
  }
  return null;
}

/** Bytes of a file in a commit, without filters; null if it is not there. A link, folder or submodule throws `not-a-file`. */
export async function readFile(git: GitContext, commit: string, path: string): Promise<Buffer | null> {
  const entry = await entryOf(git, commit, path);
  if (entry === null) return null;
  if (entry.type !== 'blob') throw notAFile(path, entry.type === 'tree' ? 'folder' : 'submodule');
  if (entry.mode === '120000') throw notAFile(path, 'symbolic link');
  return (await git.run(['cat-file', 'blob', entry.object])).stdout;
}

/** In a shallow clone "not an ancestor" is unproven: that throws `shallow`. */
export async function isAncestor(git: GitContext, ancestor: string, descendant: string): Promise<boolean> {
  const [from, to] = await Promise.all([mustBeCommit(git, ancestor), mustBeCommit(git, descendant)]);
  const answer = await git.run(['merge-base', '--is-ancestor', from, to], { accept: [0, 1] });
  if (answer.code !== 0) await mustBeComplete(git);
  return answer.code === 0;
}

/** The best common ancestor, or null if the histories are unrelated. A shallow clone cannot say so: that throws `shallow`. */
export async function mergeBase(git: GitContext, a: string, b: string): Promise<string | null> {
  const [from, to] = await Promise.all([mustBeCommit(git, a), mustBeCommit(git, b)]);
  const answer = await git.run(['merge-base', from, to], { accept: [0, 1] });
  if (answer.code === 0) return lineOf(answer);
  await mustBeComplete(git);
  return null;
}

async function mustBeComplete(git: GitContext): Promise<void> {
  if (lineOf(await git.run(['rev-parse', '--is-shallow-repository'])) === 'true') throw shallowHistory();
}
