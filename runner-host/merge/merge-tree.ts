import { GitFailure } from '../git/run-git';
import { PRISTINE_OPTIONS, PRISTINE_VARIABLES } from './checks/git-trees';
import type { GateGit } from './gate-git';

/** One side of a conflicted path. Stage 1 is the base, 2 ours (main), 3 theirs (the item). */
export interface StagedEntry {
  mode: string;
  id: string;
  stage: number;
  /** Bytes as latin1. */
  path: string;
}

export interface MergedTree {
  /** Conflicted files stand in it with their markers. */
  tree: string;
  /** Empty: the merge is clean. */
  entries: StagedEntry[];
  clean: boolean;
}

/** Merges two commits as git alone does it, without a worktree. Throws `GitFailure`, also for unrelated histories. */
export async function mergeTree(git: GateGit, ours: string, theirs: string): Promise<MergedTree> {
  const args = [...PRISTINE_OPTIONS, 'merge-tree', '--write-tree', '-z', '--no-messages', ours, theirs];
  const answer = await git.run(args, { accept: [0, 1], variables: PRISTINE_VARIABLES });
  const [tree = '', ...rest] = answer.stdout.toString('latin1').split('\0');
  // Exit code 1 also means "no such object": only an answer that begins with a tree is one.
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(tree)) throw new GitFailure(args, answer.stderr.trim() || 'no tree');
  const entries = rest.flatMap((line) => {
    const found = /^(\d+) ([0-9a-f]+) ([123])\t([^]+)$/.exec(line);
    if (found === null) return [];
    const [, mode = '', id = '', stage = '', path = ''] = found;
    return [{ mode, id, stage: Number(stage), path }];
  });
  return { tree, entries, clean: answer.code === 0 };
}
