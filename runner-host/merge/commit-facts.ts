import { GitFailure } from '../git/run-git';
import type { GateGit } from './gate-git';

export interface CommitFacts {
  id: string;
  tree: string;
  parents: string[];
  /** Seconds since 1970. */
  committedAt: number;
  author: { name: string; email: string; at: number };
}

/** What is needed of these commits, in their order. Throws `GitFailure` if one is missing. */
export async function commitFacts(git: GateGit, ids: readonly string[]): Promise<CommitFacts[]> {
  const format = ['%H', '%T', '%P', '%ct', '%an', '%ae', '%at'].join('%x00');
  const answer = await git.text([
    'rev-list',
    '--no-walk=unsorted',
    '--no-commit-header',
    `--format=${format}`,
    ...ids,
    '--',
  ]);
  const known = new Map(
    answer
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [id = '', tree = '', parents = '', committed = '', name = '', email = '', authored = ''] =
          line.split('\0');
        const author = { name, email, at: Number(authored) };
        return [id, { id, tree, parents: parents.split(' ').filter(Boolean), committedAt: Number(committed), author }];
      }),
  );
  return ids.map((id) => {
    const facts = known.get(id);
    if (facts === undefined) throw new GitFailure(['rev-list'], `${id} was not given`);
    return facts;
  });
}

/** Which of these objects the repository does not have. */
export async function missingOf(git: GateGit, ids: readonly string[]): Promise<Set<string>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Set();
  const answer = await git.text(['cat-file', '--batch-check=%(objectname)'], { input: `${asked.join('\n')}\n` });
  return new Set(answer.split('\n').flatMap((line) => /^([0-9a-f]+) missing$/.exec(line)?.[1] ?? []));
}
