import { slugOf } from '../journal';
import type { CleanTools } from './clean-tools';

const folderOf = (item: string): string => `refs/interlock/backup/${slugOf(item)}/`;

/** By item and commit: whoever comes again finds the same one, and another head of the item gets another. */
export function backupRef(item: string, commit: string): string {
  return `${folderOf(item)}${commit.slice(0, 12)}`;
}

/** Where the branch stands in the user's repository; null: there is none. Throws `GitFailure` where git can't say. */
export async function branchHead(
  { git, commonDir }: Pick<CleanTools, 'git' | 'commonDir'>,
  ref: string,
): Promise<string | null> {
  const call = { folder: commonDir, settings: 'user', accept: [0, 1] } as const;
  const answer = await git.text(['rev-parse', '--verify', '--quiet', ref], call);
  return answer === '' ? null : answer;
}

/** Keeps the branch's commit under a ref of its own, if the branch still stands there. Throws `GitFailure`. */
export async function writeBackup(
  { git, commonDir }: Pick<CleanTools, 'git' | 'commonDir'>,
  item: string,
  ref: string,
  commit: string,
): Promise<string> {
  const backup = backupRef(item, commit);
  const input = `start\nverify ${ref} ${commit}\nupdate ${backup} ${commit}\nprepare\ncommit\n`;
  await git.run(['update-ref', '--stdin'], { folder: commonDir, settings: 'user', input });
  return backup;
}

/** The newest backup of an item, or null. */
export async function findBackup(
  { git, commonDir }: Pick<CleanTools, 'git' | 'commonDir'>,
  item: string,
): Promise<{ ref: string; commit: string } | null> {
  const answer = await git.text(
    ['for-each-ref', '--sort=-committerdate', '--format=%(objectname) %(refname)', folderOf(item)],
    { folder: commonDir, settings: 'user' },
  );
  const [first = ''] = answer.split('\n');
  const [commit, ref] = first.split(' ');
  return commit === undefined || ref === undefined ? null : { ref, commit };
}

/** Deletes the branch by compare-and-swap; its commit is kept before, in the same or an earlier transaction. Throws `GitFailure`. */
export async function deleteBranch(
  { git, commonDir }: Pick<CleanTools, 'git' | 'commonDir'>,
  ref: string,
  commit: string,
  backup: string,
): Promise<void> {
  const input = `start\nverify ${backup} ${commit}\ndelete ${ref} ${commit}\nprepare\ncommit\n`;
  await git.run(['update-ref', '--stdin'], { folder: commonDir, settings: 'user', input });
}
