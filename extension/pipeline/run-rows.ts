import type { TestRunResult } from '../../runner-host/protocol/result';
import type { JobRow, RunRow, VerdictRow } from '../ledger/rows';
import type { JobRules } from './job-rules';
import type { Judgement } from './judge';

/** The row of a run's result. */
export function runRow(job: JobRow, result: TestRunResult, attempt: number): RunRow {
  const { supervision } = result;
  return {
    id: job.id,
    item: job.item,
    stage: job.stage,
    kind: job.kind,
    status: result.status,
    cause: result.status === 'infra' ? result.cause : null,
    detail: result.status === 'infra' ? result.detail : null,
    exit_code: supervision.exitCode,
    signal: supervision.signal,
    result: JSON.stringify(result),
    head: job.head,
    tree: result.tree?.tree ?? job.tree,
    started_at: supervision.startedAt,
    duration_ms: Math.round(supervision.durationMs),
    attempt,
  };
}

/** The row of its verdict; undefined where the run says nothing about the code. */
export function verdictRow(
  job: JobRow,
  result: TestRunResult,
  rules: JobRules,
  judgement: Judgement,
  now: number,
): VerdictRow | undefined {
  if (judgement.kind === 'infra') return undefined;
  const counts = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : undefined;
  return {
    id: job.id,
    item: job.item,
    stage: job.stage,
    verdict: judgement.verdict,
    reason_code: judgement.reason.code,
    reason: judgement.reason.text,
    producer: 'test-runner',
    head: job.head,
    tree: result.tree?.tree ?? job.tree,
    base: rules.base,
    command: JSON.stringify(result.supervision.resolvedCommand),
    config_hash: rules.configHash,
    tests: counts?.tests ?? null,
    failed: counts ? counts.failed + counts.errored : null,
    skipped: counts?.skipped ?? null,
    at: now,
  };
}
