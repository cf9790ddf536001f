import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CleanTools } from './clean-tools';

/** A worktree of the user's repository, as git has it on record. */
export interface Place {
  path: string;
  /** Git's own folder of it. */
  gitFolder: string;
  /** The first one: no command may remove it. */
  main: boolean;
  locked: boolean;
  /** `refs/heads/...`, null where HEAD is detached. */
  branch: string | null;
}

type Repository = Pick<CleanTools, 'git' | 'commonDir'>;

export async function listPlaces({ git, commonDir }: Repository): Promise<Place[]> {
  const [listing, folders] = await Promise.all([
    git.text(['worktree', 'list', '--porcelain', '-z'], { folder: commonDir, settings: 'user' }),
    gitFolders(commonDir),
  ]);
  return listing
    .split('\0\0')
    .filter(Boolean)
    .map((record, n) => {
      const fields = record.split('\0');
      const value = (name: string): string | null =>
        fields.find((field) => field.startsWith(`${name} `))?.slice(name.length + 1) ?? null;
      const path = value('worktree') ?? '';
      const main = n === 0;
      return {
        path,
        gitFolder: (main ? commonDir : folders.get(join(path, '.git'))) ?? '',
        main,
        locked: fields.some((field) => field === 'locked' || field.startsWith('locked ')),
        branch: value('branch'),
      };
    });
}

/** Git's folder of each worktree, by the `.git` file that leads to it. */
async function gitFolders(commonDir: string): Promise<Map<string, string>> {
  const root = join(commonDir, 'worktrees');
  const names = await readdir(root).catch(() => []);
  const pairs = await Promise.all(
    names.map(async (name) => {
      const folder = join(root, name);
      const text = await readFile(join(folder, 'gitdir'), 'utf8').catch(() => '');
      return [resolve(folder, text.trimEnd()), folder] as const;
    }),
  );
  return new Map(pairs);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  BISECT_LOG: 'a bisection',
};

/** What of git's is half done in the worktree, or null. */
export function operationIn({ gitFolder }: Place): string | null {
  const found = Object.keys(OPERATIONS).find((name) => existsSync(join(gitFolder, name)));
  return found === undefined ? null : (OPERATIONS[found] ?? null);
}

/** The worktree in which the branch is being rebased or bisected: its HEAD is detached there, and comes back to the branch. */
export async function whereRebased(places: readonly Place[], ref: string): Promise<Place | undefined> {
  const names = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'];
  for (const place of places) {
    const texts = await Promise.all(names.map((name) => readFile(join(place.gitFolder, name), 'utf8').catch(() => '')));
    if (texts.some((text) => text.trim() === ref || `refs/heads/${text.trim()}` === ref)) return place;
  }
  return undefined;
}
