import { endOf, type RunResult } from '../../runner-host/protocol/runs';
import type { JobRow, RunRow, VerdictRow } from '../ledger/rows';
import type { Judgement } from './judgement';

/** The row of a run's result. */
export function runRow(job: JobRow, result: RunResult, attempt: number): RunRow {
  const { exitCode, startedAt, durationMs } = endOf(result);
  return {
    id: job.id,
    item: job.item,
    stage: job.stage,
    kind: job.kind,
    status: result.status,
    cause: result.status === 'infra' ? result.cause : null,
    detail: result.status === 'infra' ? result.detail : null,
    exit_code: exitCode,
    signal: result.kind === 'test' ? result.supervision.signal : null,
    result: JSON.stringify(result),
    head: job.head,
    tree: treeOf(job, result),
    started_at: startedAt,
    duration_ms: Math.round(durationMs),
    attempt,
  };
}

/** The row of its verdict; undefined where the run says nothing about the code. */
export function verdictRow(
  job: JobRow,
  result: RunResult,
  judgement: Judgement,
  facts: { producer: string; base: string; configHash: string; command: readonly string[]; now: number },
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
    producer: facts.producer,
    head: job.head,
    tree: treeOf(job, result),
    base: facts.base,
    command: JSON.stringify(facts.command),
    config_hash: facts.configHash,
    tests: counts?.tests ?? null,
    failed: counts ? counts.failed + counts.errored : null,
    skipped: counts?.skipped ?? null,
    at: facts.now,
  };
}

/** What was found in the worktree, where the run looked there. */
function treeOf(job: JobRow, result: RunResult): string {
  return (result.kind === 'test' ? result.tree?.tree : undefined) ?? job.tree;
}
