import { testResult } from '../../runner-host/protocol/runs';
import type { JobRow, RunRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import { decideRun } from './decide-run';
import { wantsRerun } from './flaky-court';
import { followRun } from './follow-run';
import { gatherEvidence } from './gather-evidence';
import { JobRules } from './job-rules';
import type { AdvanceReport } from './outcome';
import { nothingWritten } from './record';
import { holdIfBlind } from './prove/hold-if-blind';
import { settleRun } from './settle-run';
import { startTestRun } from './start-test-run';
import { settleStrays } from './settle-strays';
import { takeUpMeanwhile } from './take-up-meanwhile';
import { TESTING } from './testing-stage';
import { undecidedRun } from './undecided-run';

/**
 * Stage `testing`: takes up whatever an earlier advance left (a verdict not yet acted on, a run still going or finished
 * unseen), else starts a run; then gathers what the verdict needs, settles it in the ledger and decides.
 */
export async function advanceTesting(context: AdvanceContext): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  const undecided = await undecidedRun(context);
  if (undecided) return decideOrRunAgain(context, undecided);
  const strays = await settleStrays(context, 'test');
  if (strays) return strays;
  const job = ledger.read.openJobs(context.item.id).find((open) => open.kind === 'test');
  if (!job) {
    const blind = await holdIfBlind(context);
    return blind ?? start(context);
  }
  context.onProgress({ kind: 'note', item: context.item.id, text: `taking up run ${job.id}` });
  return finish(context, job);
}

async function start(context: AdvanceContext): Promise<AdvanceReport> {
  const started = await startTestRun(context);
  return started.ok ? finish(context, started.job) : started.report;
}

async function finish(context: AdvanceContext, job: JobRow): Promise<AdvanceReport> {
  const result = testResult(await followRun(context, job));
  const gathered = await gatherEvidence(context, job, result);
  if (!gathered.ok) return nothingWritten(context.item, 'refused', gathered.reason, { run: job.id });
  const rules: JobRules = { ...JobRules.parse(JSON.parse(job.rules)), evidence: gathered.evidence };
  const settled = await settleRun(context, TESTING, { ...job, rules: JSON.stringify(rules) }, result);
  if (!settled.ok) return nothingWritten(context.item, 'refused', settled.reason, { run: job.id });
  return decideOrRunAgain(context, settled.run);
}

/** A red suite may get a second run on the same tree before it is decided; both stay on record. */
async function decideOrRunAgain(context: AdvanceContext, run: RunRow): Promise<AdvanceReport> {
  if (!wantsRerun(context.ports.ledger.read, run) || (await takeUpMeanwhile(context, run)) || context.signal?.aborted)
    return decideRun(context, TESTING, run);
  const text = `run ${run.id} was red; the project has a red suite run once more on the same tree`;
  context.onProgress({ kind: 'note', item: context.item.id, text });
  return start(context);
}
