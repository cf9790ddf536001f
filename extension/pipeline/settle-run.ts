import type { RunResult } from '../../runner-host/protocol/result';
import { sha256 } from '../artifacts/hash';
import { leasePrecondition } from '../ledger/lease';
import type { ArtifactRow, JobRow, RunRow, VerdictRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import { JobRules } from './job-rules';
import { judgeTestRun, type Judgement } from './judge';
import type { Reason } from './outcome';
import { lostRace } from './record';
import { renderReport } from './render-report';

export type Settled = { ok: true; run: RunRow } | { ok: false; reason: Reason };

/**
 * Writes run, verdict and the report's hash in one transaction and closes the job; only then is the host told that it may
 * forget the result. A result that another process has settled already is taken as it stands there.
 */
export async function settleRun(context: AdvanceContext, job: JobRow, result: RunResult): Promise<Settled> {
  const { ports, item, lease, actor } = context;
  const now = ports.clock.now();
  const rules = JobRules.parse(JSON.parse(job.rules));
  const judgement = judgeTestRun(result, rules);
  const run = runRow(job, result, item.infra_retries + 1);
  const verdict = verdictRow(job, result, rules, judgement, now);
  const report = verdict ? renderReport(context.loaded.config, item, { job, run, verdict }) : undefined;
  const artifact: ArtifactRow | undefined = report && {
    id: `${run.id}/${report.path.slice(report.path.lastIndexOf('/') + 1)}`,
    item: item.id,
    stage: job.stage,
    run: run.id,
    path: report.path,
    sha256: sha256(report.text),
    at: now,
  };
  const written = await ports.ledger.commit({
    actor,
    event: 'run-settled',
    pre: [leasePrecondition(lease), ['jobs', job.id, { settled_at: null }], ['runs', run.id, null]],
    put: [
      ['jobs', { ...job, settled_at: now }],
      ['runs', run],
      ...(verdict ? [['verdicts', verdict] as const] : []),
      ...(artifact ? [['artifacts', artifact] as const] : []),
    ],
  });
  if (!written.ok) {
    const theirs = ports.ledger.read.run(run.id);
    return theirs ? { ok: true, run: theirs } : { ok: false, reason: lostRace(item, written) };
  }
  await ports.host.request('run/acknowledge', { run: job.id }).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    context.onProgress({
      kind: 'note',
      item: item.id,
      text: `the host was not told that the result is kept: ${detail}`,
    });
  });
  return { ok: true, run };
}

function runRow(job: JobRow, result: RunResult, attempt: number): RunRow {
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

function verdictRow(
  job: JobRow,
  result: RunResult,
  rules: JobRules,
  judgement: Judgement,
  now: number,
): VerdictRow | undefined {
  if (judgement.kind === 'infra' || result.status === 'infra') return undefined;
  const counts = result.report.state === 'read' ? result.report : undefined;
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
