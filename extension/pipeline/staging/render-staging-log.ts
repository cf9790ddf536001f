import type { CommandLine } from '../../../runner-host/protocol/run-spec';
import { StagingRunResult, StagingRunSpec } from '../../../runner-host/protocol/staging';
import { STAGING_LOG, writeStagingLog } from '../../artifacts/staging-log';
import type { ProjectConfig } from '../../config/project-config';
import type { ItemRow, JobRow, RunRow, VerdictRow } from '../../ledger/rows';
import { artifactsFolder } from '../artifacts-folder';
import { judgeStagingRun } from './judge-staging';
import { stagingRules } from './staging-rules';
import { useWaivers } from './use-waivers';

/** Path and text of a staging run's log, from the ledger's rows alone: the same bytes whenever and wherever it is rendered. */
export function renderStagingLog(
  config: Pick<ProjectConfig, 'artifacts'>,
  item: ItemRow,
  { job, run, verdict }: { job: JobRow; run: RunRow; verdict: VerdictRow },
): { path: string; text: string } {
  const rules = stagingRules(job);
  const spec = StagingRunSpec.parse(JSON.parse(job.spec));
  const result = StagingRunResult.parse(JSON.parse(run.result));
  const text = writeStagingLog({
    item: { id: item.id, title: item.title },
    result,
    verdict: verdict.verdict,
    reason: verdict.reason,
    remedy: judgeStagingRun(result, rules).reason.remedy,
    head: verdict.head,
    tree: verdict.tree,
    base: verdict.base,
    command: commandWords(spec.command),
    container: spec.container,
    served: rules.served,
    waivers: useWaivers(result, rules).uses,
    producer: verdict.producer,
  });
  return { path: `${artifactsFolder(config, item.id)}/${STAGING_LOG}`, text };
}

/** The words that the host is given: a text goes through its shell. */
export function commandWords(command: CommandLine): string[] {
  return typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
}
