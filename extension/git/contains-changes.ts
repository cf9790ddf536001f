import { isObjectId } from './object-id';
import { gitFailed } from './problems';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';
import { withScratchRepository } from './scratch-repository';
import { treeWithout } from './tree-without';

/** Fixed, so that asking twice makes the same objects. */
const SYNTHETIC_AUTHOR = {
  GIT_AUTHOR_NAME: 'Interlock',
  GIT_AUTHOR_EMAIL: 'interlock@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'Interlock',
  GIT_COMMITTER_EMAIL: 'interlock@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

/**
 * Whether what a branch changed since its fork is in the target, by content, however it was landed (merge, squash, rebase).
 * Three commits are made of the trees alone, so git's own search for a merge base cannot find another one than `fork`
 * (`merge-tree --merge-base` exists only from 2.40). Work that was merged and reverted later is `missing`.
 */
export async function containsChanges(
  git: GitContext,
  target: string,
  fork: string,
  head: string,
  without: string,
): Promise<'contained' | 'missing' | 'conflict' | 'empty'> {
  const [forkTree, targetTree, headTree] = await Promise.all(
    [fork, target, head].map((commit) => treeWithout(git, commit, without)),
  );
  if (forkTree === undefined || targetTree === undefined || headTree === undefined)
    throw new RangeError('three commits give three trees');
  if (forkTree === headTree) return 'empty';
  const base = await commitTree(git, forkTree, []);
  const [ours, theirs] = await Promise.all([commitTree(git, targetTree, [base]), commitTree(git, headTree, [base])]);
  const merged = await mergeTrees(git, ours, theirs);
  if (merged === 'conflict') return 'conflict';
  return merged === targetTree ? 'contained' : 'missing';
}

/** A commit of nobody's, the same whenever it is made. */
export async function commitTree(git: GitContext, tree: string, parents: readonly string[]): Promise<string> {
  const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-F', '-', tree];
  return lineOf(await git.run(args, { input: 'Synthetic commit for a content check\n', env: SYNTHETIC_AUTHOR }));
}

/**
 * merge-tree asks attributes and configuration how to merge, and a line `merge=ours` in either would hide missing work:
 * in the scratch repository there are none.
 */
async function mergeTrees(git: GitContext, ours: string, theirs: string): Promise<string> {
  return withScratchRepository(git, async (scratch) => {
    const answer = await git.run(['merge-tree', '--write-tree', '-z', '--no-messages', ours, theirs], {
      ...scratch,
      accept: [0, 1],
    });
    // Exit code 1 also means "no such object": only an answer that begins with a tree is one.
    const tree = answer.stdout.toString('latin1').split('\0')[0] ?? '';
    if (!isObjectId(tree)) throw gitFailed('merge-tree', answer.code, null, answer.stderr);
    return answer.code === 0 ? tree : 'conflict';
  });
}
