import type { TestRunResult } from '../../runner-host/protocol/result';
import { sha256 } from '../artifacts/hash';
import { leasePrecondition } from '../ledger/lease';
import type { ArtifactRow, JobRow, RunRow } from '../ledger/rows';
import { acknowledgeResult } from './acknowledge-result';
import type { AdvanceContext } from './context';
import type { Evidence } from '../artifacts/evidence';
import { JobRules } from './job-rules';
import { judgeTestRun } from './judge';
import type { Reason } from './outcome';
import { lostRace } from './record';
import { renderReport } from './render-report';
import { runRow, verdictRow } from './run-rows';

export type Settled = { ok: true; run: RunRow } | { ok: false; reason: Reason };

/**
 * Writes run, evidence, verdict and the report's hash in one transaction and closes the job; only then is the host told that
 * it may forget the result. A result that another process has settled already is taken as it stands there.
 */
export async function settleRun(
  context: AdvanceContext,
  open: JobRow,
  result: TestRunResult,
  evidence: Evidence,
): Promise<Settled> {
  const { ports, item, lease, actor } = context;
  const now = ports.clock.now();
  const rules: JobRules = { ...JobRules.parse(JSON.parse(open.rules)), evidence };
  const job: JobRow = { ...open, rules: JSON.stringify(rules), settled_at: now };
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
      ['jobs', job],
      ['runs', run],
      ...(verdict ? [['verdicts', verdict] as const] : []),
      ...(artifact ? [['artifacts', artifact] as const] : []),
    ],
  });
  if (!written.ok) {
    const theirs = ports.ledger.read.run(run.id);
    return theirs ? { ok: true, run: theirs } : { ok: false, reason: lostRace(item, written) };
  }
  await acknowledgeResult(context, job.id);
  return { ok: true, run };
}
