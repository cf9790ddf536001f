import { MergeRunResult } from '../../runner-host/protocol/merge';
import { TestRunResult, type CaseResult } from '../../runner-host/protocol/result';
import { StagingRunResult } from '../../runner-host/protocol/staging';
import type { MergeRunReport, RunReport, StagingRunReport, TestRunReport } from '../engine';
import type { JobRow, RunRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import { stagingRules } from './staging/staging-rules';
import { useWaivers } from './staging/use-waivers';

/** What finished runs left on disk, as far as a report needs it. */
export interface RunFilesPort {
  cases(run: string): Promise<CaseResult[] | null>;
  log(run: string): Promise<string | null>;
}

/** Everything that a report of a run shows, from the ledger and the run's folder; undefined without such a run. */
export async function readRunReport(
  ports: Pick<PipelinePorts, 'ledger' | 'git'>,
  files: RunFilesPort,
  id: string,
  run?: string,
): Promise<RunReport | undefined> {
  const { ledger, git } = ports;
  await ledger.refresh();
  const { read } = ledger;
  const item = read.item(id);
  const row = run === undefined ? read.runs(id)[0] : read.run(run);
  if (!item || !row || row.item !== id) return undefined;
  const artifact = read.artifacts(id).find((written) => written.run === row.id);
  return {
    item,
    run: row,
    verdict: read.verdict(row.id) ?? null,
    ...resultOf(row, read.job(row.id)),
    cases: await files.cases(row.id),
    movedTo: await movedTo(git, item.branch, row.head, artifact?.path),
    log: await files.log(row.id),
    artifact: artifact ? `${item.worktree}/${artifact.path}` : null,
  };
}

/** What the kinds of runs differ in. */
function resultOf(
  run: RunRow,
  job: JobRow | undefined,
):
  | Pick<TestRunReport, 'kind' | 'result'>
  | Pick<MergeRunReport, 'kind' | 'result'>
  | Pick<StagingRunReport, 'kind' | 'result' | 'waivers'> {
  const stored: unknown = JSON.parse(run.result);
  if (run.kind === 'merge') return { kind: 'merge', result: MergeRunResult.parse(stored) };
  if (run.kind !== 'staging') return { kind: 'test', result: TestRunResult.parse(stored) };
  const result = StagingRunResult.parse(stored);
  return { kind: 'staging', result, waivers: job ? useWaivers(result, stagingRules(job)).uses : [] };
}

/** The branch's commit if its tree, without the artifacts, is no longer the tested one. */
async function movedTo(
  git: PipelinePorts['git'],
  branch: string,
  head: string,
  artifact: string | undefined,
): Promise<string | null> {
  const tip = await git.commitOf(`refs/heads/${branch}`);
  if (tip === null || tip === head) return null;
  const folder = artifact?.slice(0, artifact.lastIndexOf('/'));
  if (folder === undefined) return tip;
  return (await git.treeWithout(tip, folder)) === (await git.treeWithout(head, folder)) ? null : tip;
}
