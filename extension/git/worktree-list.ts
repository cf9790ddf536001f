import type { GitContext } from './repository-paths';

/** One worktree as git has it on record; its folder may be missing. */
export interface WorktreeRecord {
  path: string;
  head: string | null;
  /** Without `refs/heads/`; null when detached or bare. */
  branch: string | null;
  bare: boolean;
  /** Why git must not remove it, or null. `initializing` while `git worktree add` is at work (or died). */
  locked: string | null;
}

/** The output of `git worktree list --porcelain -z`: fields end in NUL, records in an empty field. The main worktree is first. */
export function parseWorktreeList(output: string): WorktreeRecord[] {
  const records: WorktreeRecord[] = [];
  for (const field of output.split('\0')) {
    const space = field.indexOf(' ');
    const name = space === -1 ? field : field.slice(0, space);
    const value = space === -1 ? '' : field.slice(space + 1);
    if (name === 'worktree') records.push({ path: value, head: null, branch: null, bare: false, locked: null });
    const record = records.at(-1);
    if (record === undefined) continue;
    if (name === 'HEAD') record.head = value;
    else if (name === 'branch') record.branch = value.replace(/^refs\/heads\//, '');
    else if (name === 'bare') record.bare = true;
    else if (name === 'locked') record.locked = value;
  }
  return records;
}

export async function listWorktrees(git: GitContext): Promise<WorktreeRecord[]> {
  return parseWorktreeList((await git.run(['worktree', 'list', '--porcelain', '-z'])).stdout.toString('utf8'));
}

/** The folder of the worktree that has this branch checked out, or null. The folder itself may be missing. */
export async function findWorktreeOf(git: GitContext, branch: string): Promise<string | null> {
  return (await listWorktrees(git)).find((record) => record.branch === branch)?.path ?? null;
}
