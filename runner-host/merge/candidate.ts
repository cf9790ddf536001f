import { GitFailure } from '../git/run-git';
import type { ConflictFile } from '../protocol/merge-outcome';
import type { MergeItem } from '../protocol/merge';
import type { Trees } from './checks/trees';
import { commitFacts } from './commit-facts';
import { conflictFiles } from './conflict-files';
import type { GateGit } from './gate-git';
import { mergeTree } from './merge-tree';

export interface Candidate {
  commit: string;
  tree: string;
  /** The tree of what it was built on. */
  mainTree: string;
}

export type Built =
  | { state: 'built'; candidate: Candidate }
  /** Nothing of the item is new: the merge is main as it stands. */
  | { state: 'nothing-new' }
  | { state: 'conflict'; files: ConflictFile[]; more: number };

/**
 * Builds the commit that would land, without a worktree, index or hook. The same inputs give the same commit id: identity is fixed
 * and the date is the later one of its parents. Throws `GitFailure`.
 */
export async function buildCandidate(
  git: GateGit,
  trees: Trees,
  { item, title, head }: MergeItem,
  main: string,
  style: 'merge' | 'squash',
): Promise<Built> {
  const [onto, from] = await commitFacts(git, [main, head]);
  if (onto === undefined || from === undefined) throw new GitFailure(['rev-list'], 'two commits were asked for');
  const merged = await mergeTree(git, main, head);
  if (!merged.clean) return { state: 'conflict', ...(await conflictFiles(trees, merged)) };
  if (merged.tree === onto.tree) return { state: 'nothing-new' };
  const date = `@${Math.max(onto.committedAt, from.committedAt)} +0000`;
  const own = { name: 'Interlock', email: 'interlock@localhost' };
  const author = style === 'squash' ? { ...from.author, date: `@${from.author.at} +0000` } : { ...own, date };
  const parents = style === 'squash' ? [main] : [main, head];
  const commit = await git.text(['commit-tree', ...parents.flatMap((id) => ['-p', id]), '-F', '-', merged.tree], {
    input: messageOf(item, title, head, style),
    variables: {
      GIT_AUTHOR_NAME: author.name || own.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date,
      GIT_COMMITTER_NAME: own.name,
      GIT_COMMITTER_EMAIL: own.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  // Whatever the style, what lands is the merge: all that is checked and tested hangs on it.
  if ((await trees.tree(commit)) !== merged.tree)
    throw new GitFailure(['commit-tree'], `${commit} has not the tree of the merge, ${merged.tree}`);
  return { state: 'built', candidate: { commit, tree: merged.tree, mainTree: onto.tree } };
}

function messageOf(item: string, title: string, head: string, style: 'merge' | 'squash'): string {
  const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const name = line(title) === '' ? line(item) : `${line(item)}: ${line(title)}`;
  return `${style === 'merge' ? 'Merge ' : ''}${name}\n\nInterlock-Item: ${line(item)}\nInterlock-Head: ${head}\n`;
}
