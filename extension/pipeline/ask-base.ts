import type { CaseResult, TestRunResult } from '../../runner-host/protocol/result';
import { GitError } from '../git/git-error';
import type { JobRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import type { BaseEvidence, TestName } from '../artifacts/evidence';
import type { Reason } from './outcome';
import { runControl } from './run-control';

export type Asked = { ok: true; base: BaseEvidence } | { ok: false; reason: Reason };

/** Runs the suite on the commit that the item forked from, and holds the item's run against it. */
export async function askBase(
  context: AdvanceContext,
  main: { job: JobRow; result: TestRunResult },
  commit: string,
): Promise<Asked> {
  const { item, loaded, ports, onProgress } = context;
  const silent = (detail: string): Asked => ({
    ok: true,
    base: { commit, run: null, reused: false, end: 'unknown', detail, alsoRed: [], sameFailureOutside: false },
  });
  if (context.signal?.aborted) return silent('cancelled before base was asked');
  let tree: string;
  try {
    tree = await ports.git.treeWithout(commit, artifactsFolder(loaded.config, item.id));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return silent(`git could not read ${commit.slice(0, 8)}: ${error.detail}`);
  }
  onProgress({ kind: 'note', item: item.id, text: `asking base: the same command on ${commit.slice(0, 8)}` });
  const control = await runControl(context, main, { commit, tree });
  if (!control.ok) return control;
  return { ok: true, base: compare(main.result, control, commit) };
}

/** Pure: what base's run says about the item's. */
export function compare(
  mine: TestRunResult,
  base: { run: string; result: TestRunResult; reused: boolean },
  commit: string,
): BaseEvidence {
  const { result } = base;
  const { exitCode, signal, durationMs } = result.supervision;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  const facts = { commit, run: base.run, reused: base.reused, alsoRed: [], sameFailureOutside: false };
  if (result.status === 'infra') {
    const end = result.cause === 'timeout' ? 'timeout' : 'unknown';
    return { ...facts, end, detail: `${result.cause}: ${result.detail}` };
  }
  const failed = failuresOf(result);
  const end = exitCode === 0 && failed.length === 0 ? 'green' : 'red';
  const detail = `${exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`} after ${seconds}`;
  if (end === 'green') return { ...facts, end, detail };
  const here = failuresOf(mine);
  return {
    ...facts,
    end,
    detail: failed.length > 0 ? `${detail}, ${failed.length} failed` : `${detail}, no test named as failed`,
    alsoRed: inBoth(here, failed),
    sameFailureOutside:
      here.length === 0 && failed.length === 0 && exitCode !== null && exitCode === mine.supervision.exitCode,
  };
}

/** Cases of one name (tests with parameters) are matched one to one. */
function inBoth(here: readonly CaseResult[], there: readonly CaseResult[]): TestName[] {
  const left = there.map(idOf);
  return here.flatMap((one) => {
    const at = left.indexOf(idOf(one));
    if (at === -1) return [];
    left.splice(at, 1);
    return [{ suite: one.suite, name: one.name }];
  });
}

/** Failed tests that the result lists. */
export function failuresOf(result: TestRunResult): readonly CaseResult[] {
  return result.status === 'suite-ran' && result.report.state === 'read' ? result.report.failures : [];
}

const idOf = ({ file, suite, name }: CaseResult): string => JSON.stringify([file, suite, name]);
