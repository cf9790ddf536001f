import { commitTree } from './contains-changes';
import { badName } from './problems';
import { isPlainPath } from './plain-path';
import { mustBeCommit } from './read-objects';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';
import { withTemporaryIndex } from './temporary-index';

/**
 * A commit on no branch: that of `onto` with these paths as they are in `from`, gone where they are not there. The same
 * commit whenever it is asked for. Nobody's index or checkout is touched.
 */
export async function mixCommit(
  git: GitContext,
  onto: string,
  from: string,
  paths: readonly string[],
): Promise<string> {
  const strange = paths.find((path) => !isPlainPath(path));
  if (strange !== undefined) throw badName('path', strange);
  const [base, other] = [await mustBeCommit(git, onto), await mustBeCommit(git, from)];
  const there = new Map<string, string>();
  const listing = await git.run(['ls-tree', '-r', '-z', '--full-tree', other]);
  for (const record of listing.stdout.toString('utf8').split('\0')) {
    const tab = record.indexOf('\t');
    const [mode, , object] = record.slice(0, tab).split(' ');
    if (tab > 0) there.set(record.slice(tab + 1), `${mode} ${object}`);
  }
  const gone = `0 ${'0'.repeat(base.length)}`;
  const input = paths.map((path) => `${there.get(path) ?? gone}\t${path}\0`).join('');
  return withTemporaryIndex(git, async (env) => {
    await git.run(['read-tree', base], { env });
    await git.run(['update-index', '-z', '--index-info'], { env, input });
    return commitTree(git, lineOf(await git.run(['write-tree'], { env })), [base]);
  });
}
