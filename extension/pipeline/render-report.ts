import { TestRunResult } from '../../runner-host/protocol/result';
import { TEST_REPORT, writeTestReport } from '../artifacts/test-report';
import type { ProjectConfig } from '../config/project-config';
import type { ItemRow, JobRow, RunRow, VerdictRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import { JobRules } from './job-rules';

/** Path and text of a run's report, from the ledger's rows alone: the same bytes whenever and wherever it is rendered. */
export function renderReport(
  config: Pick<ProjectConfig, 'artifacts'>,
  item: ItemRow,
  rows: { job: JobRow; run: RunRow; verdict: VerdictRow },
): { path: string; text: string } {
  const rules = JobRules.parse(JSON.parse(rows.job.rules));
  const text = writeTestReport({
    item: { id: item.id, title: item.title },
    result: TestRunResult.parse(JSON.parse(rows.run.result)),
    verdict: rows.verdict.verdict,
    reason: rows.verdict.reason,
    head: rows.verdict.head,
    tree: rows.verdict.tree,
    base: rows.verdict.base,
    floor: rules.floor,
    floorSource: rules.floorSource,
    producer: rows.verdict.producer,
    evidence: rules.evidence,
  });
  return { path: `${artifactsFolder(config, item.id)}/${TEST_REPORT}`, text };
}
