import type { AdvanceContext } from './context';
import { decideTesting } from './decide-testing';
import { followRun } from './follow-run';
import type { AdvanceReport } from './outcome';
import { nothingWritten } from './record';
import { settleRun } from './settle-run';
import { startTestRun } from './start-test-run';
import { undecidedRun } from './undecided-run';

/**
 * Stage `testing`: takes up whatever an earlier advance left (a verdict not yet acted on, a run still going or finished
 * unseen), else starts a run; then settles the result in the ledger and decides.
 */
export async function advanceTesting(context: AdvanceContext): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  const undecided = await undecidedRun(context);
  if (undecided) return decideTesting(context, undecided);
  let job = ledger.read.openJobs(context.item.id)[0];
  if (!job) {
    const started = await startTestRun(context);
    if (!started.ok) return started.report;
    job = started.job;
  } else {
    context.onProgress({ kind: 'note', item: context.item.id, text: `taking up run ${job.id}` });
  }
  const result = await followRun(context, job);
  const settled = await settleRun(context, job, result);
  if (!settled.ok) return nothingWritten(context.item, 'refused', settled.reason, { run: job.id });
  return decideTesting(context, settled.run);
}
