import type { RunResult } from '../../runner-host/protocol/runs';
import { sha256 } from '../artifacts/hash';
import { leasePrecondition } from '../ledger/lease';
import type { ArtifactRow, JobRow, RunRow } from '../ledger/rows';
import { acknowledgeResult } from './acknowledge-result';
import type { AdvanceContext } from './context';
import type { Reason } from './outcome';
import { lostRace } from './record';
import { runRow, verdictRow } from './run-rows';
import type { RunnerStage } from './runner-stage';

export type Settled = { ok: true; run: RunRow } | { ok: false; reason: Reason };

/**
 * Writes run, evidence, verdict and the report's hash in one transaction and closes the job; only then is the host told that
 * it may forget the result. A result that another process has settled already is taken as it stands there.
 * @param open the job, its rules completed by what was found out since it was started
 */
export async function settleRun<F extends { run: string }>(
  context: AdvanceContext,
  stage: RunnerStage<F>,
  open: JobRow,
  result: RunResult,
): Promise<Settled> {
  const { ports, item, lease, actor } = context;
  const now = ports.clock.now();
  const job: JobRow = { ...open, settled_at: now };
  const judgement = stage.judge(result, job);
  const run = runRow(job, result, item.infra_retries + 1);
  const { producer } = stage;
  const facts = { producer, ...stage.rulesOf(job), command: stage.command(result, job), now };
  const verdict = verdictRow(job, result, judgement, facts);
  const report = verdict ? stage.render(context.loaded.config, item, { job, run, verdict }) : undefined;
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
