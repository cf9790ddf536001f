import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildCandidate } from '../../../runner-host/merge/candidate';
import { checkCandidate } from '../../../runner-host/merge/checks/check-candidate';
import { GitTrees } from '../../../runner-host/merge/checks/git-trees';
import { GateGit } from '../../../runner-host/merge/gate-git';
import type { MergeItem } from '../../../runner-host/protocol/merge';
import { median } from '../figure';
import { BenchGit, timed } from './bench-git';
import { largeHistory } from './large-history';

/** No further worktree is made after this, and no further round begun after four times as long: a checkout of all files may take minutes on a busy disk. */
const ENOUGH_MS = 20_000;

export interface CandidateCost {
  files: number;
  /** How often each was measured, but for the fresh worktree. */
  rounds: number;
  freshRounds: number;
  /** ms, medians. */
  ours: number;
  /** The same with the carry check, the numbers and the markers. */
  checked: number;
  /** `git rebase` in a worktree that is made for it and removed again. */
  freshWorktree: number;
  /** `git rebase` in a worktree that stands on another branch already. */
  standingWorktree: number;
}

/**
 * One item of five commits brought onto a main that went on by ten, in a repository of `files` files: the gate's candidate beside
 * a rebase, in turn, so that whatever else the machine does meets all of them.
 */
export async function measureCandidate(files: number, rounds: number): Promise<CandidateCost> {
  const bench = new BenchGit('candidate');
  try {
    const repository = join(bench.path, 'repository.git');
    mkdirSync(repository);
    bench.git(repository, 'init', '-q', '--bare', '--template=');
    bench.feed(repository, largeHistory(files), 'fast-import', '--quiet');
    const [main, head, fork] = ['main', 'item', 'fork'].map((name) => bench.git(repository, 'rev-parse', name));
    if (main === undefined || head === undefined || fork === undefined) throw new Error('the history is not whole');
    const item: MergeItem = { item: 'X', title: 'x', branch: 'item', head, fork, anchors: [], waivers: [] };
    const standing = join(bench.path, 'standing');
    bench.git(repository, 'worktree', 'add', '-q', '--detach', standing, main);
    const expected = await candidateTree(bench, repository, item, main);
    const rebaseIn = (folder: string): void => {
      bench.git(folder, 'checkout', '-q', '--detach', head);
      bench.git(folder, 'rebase', '-q', main);
      if (bench.git(folder, 'rev-parse', 'HEAD^{tree}') !== expected) throw new Error('two trees for one item');
    };
    const times: Record<'ours' | 'checked' | 'freshWorktree' | 'standingWorktree', number[]> = {
      ours: [],
      checked: [],
      freshWorktree: [],
      standingWorktree: [],
    };
    const began = performance.now();
    const elapsed = (): number => performance.now() - began;
    for (let round = 0; round < rounds && (round === 0 || elapsed() < 4 * ENOUGH_MS); round += 1) {
      times.ours.push(await timed(() => candidateTree(bench, repository, item, main)));
      times.checked.push(await timed(() => candidateTree(bench, repository, item, main, true)));
      times.standingWorktree.push(await timed(() => rebaseIn(standing)));
      if (round > 0 && elapsed() > ENOUGH_MS) continue;
      const fresh = join(bench.path, `fresh-${round}`);
      const inFresh = await timed(() => {
        bench.git(repository, 'worktree', 'add', '-q', '--detach', fresh, head);
        rebaseIn(fresh);
        bench.git(repository, 'worktree', 'remove', '--force', fresh);
      });
      times.freshWorktree.push(inFresh);
    }
    return {
      files,
      rounds: times.ours.length,
      freshRounds: times.freshWorktree.length,
      ours: median(times.ours),
      checked: median(times.checked),
      freshWorktree: median(times.freshWorktree),
      standingWorktree: median(times.standingWorktree),
    };
  } finally {
    bench.remove();
  }
}

async function candidateTree(
  { env }: BenchGit,
  folder: string,
  item: MergeItem,
  main: string,
  check = false,
): Promise<string> {
  const signal = new AbortController().signal;
  const trees = new GitTrees({ folder, env, signal });
  try {
    const built = await buildCandidate(new GateGit({ folder, env, signal }), trees, item, main, 'merge');
    if (built.state !== 'built') throw new Error(`the candidate is ${built.state}`);
    const { commit, tree } = built.candidate;
    if (!check) return tree;
    const { fork, head, anchors } = item;
    const options = { generated: [], changelog: undefined, series: ['docs/adr/adr-*.md'], reserved: [] };
    const of = { item: item.item, base: fork, main, head, anchors, candidate: commit };
    const { blocking } = await checkCandidate(trees, of, options, []);
    if (blocking.length > 0) throw new Error('a whole candidate is blocked');
    return tree;
  } finally {
    await trees.close();
  }
}
