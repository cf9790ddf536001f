import type { TestRunResult } from '../../runner-host/protocol/result';
import type { BiteCell, BiteEvidence } from '../artifacts/evidence';
import type { JobRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import { compare, failuresOf } from './ask-base';
import type { AdvanceContext } from './context';
import { readPattern } from './findings/patterns';
import type { Reason } from './outcome';
import { runControl } from './run-control';

const MOST_NAMES = 20;

export type Bitten = { ok: true; bite: BiteEvidence } | { ok: false; reason: Reason };

/**
 * Base's tests and the item's, each on base's code and on the item's: four cells, of which the item's own run is one. New
 * tests prove something only if they are red without the code that they came with. Throws `GitError` when git could not say.
 */
export async function biteMatrix(
  context: AdvanceContext,
  main: { job: JobRow; result: TestRunResult },
  { fork, mode, tests }: { fork: string; mode: BiteEvidence['mode']; tests: readonly string[] },
): Promise<Bitten> {
  const { git } = context.ports;
  const { head } = main.job;
  const patterns = tests.map(readPattern);
  const changed = (await git.changedFiles(fork, head)).map(({ path }) => path);
  const paths = changed.filter((path) => patterns.some((pattern) => pattern.matches(path)));
  const itemOnItem = cellOf(main.result, { run: main.job.id, reused: false });
  const none = notRun('not run: the item changed no test file');
  const cells = { baseOnBase: none, baseOnItem: none, itemOnBase: none, itemOnItem };
  if (paths.length === 0) return { ok: true, bite: { mode, testFiles: 0, ...cells } };
  const trees = {
    baseOnBase: async () => fork,
    itemOnBase: () => git.mixCommit(fork, head, paths),
    baseOnItem: () => git.mixCommit(head, fork, paths),
  };
  for (const name of ['baseOnBase', 'itemOnBase', 'baseOnItem'] as const) {
    const cell = await runCell(context, main, await trees[name](), WORDS[name]);
    if (!cell.ok) return cell;
    cells[name] = cell.cell;
  }
  return { ok: true, bite: { mode, testFiles: paths.length, ...cells } };
}

const WORDS = {
  baseOnBase: "base's tests on base's code",
  itemOnBase: "the item's tests on base's code",
  baseOnItem: "base's tests on the item's code",
} as const;

async function runCell(
  context: AdvanceContext,
  main: { job: JobRow; result: TestRunResult },
  commit: string,
  what: string,
): Promise<{ ok: true; cell: BiteCell } | { ok: false; reason: Reason }> {
  const { ports, item, loaded, onProgress, signal } = context;
  if (signal?.aborted) return { ok: true, cell: notRun('not run: cancelled') };
  onProgress({ kind: 'note', item: item.id, text: `bite matrix: ${what}` });
  const tree = await ports.git.treeWithout(commit, artifactsFolder(loaded.config, item.id));
  const control = await runControl(context, main, { commit, tree });
  return control.ok ? { ok: true, cell: cellOf(control.result, control) } : control;
}

function cellOf(result: TestRunResult, { run, reused }: { run: string; reused: boolean }): BiteCell {
  const { end, detail } = compare(result, { run, result, reused }, '');
  const failed = failuresOf(result).map(({ suite, name }) => ({ suite, name }));
  return { end, run, reused, detail, failed: { count: failed.length, first: failed.slice(0, MOST_NAMES) } };
}

const notRun = (detail: string): BiteCell => ({
  end: 'unknown',
  run: null,
  reused: false,
  detail,
  failed: { count: 0, first: [] },
});
