import type { JobRow } from '../../ledger/rows';
import type { AdvanceContext } from '../context';
import { decideRun } from '../decide-run';
import { followRun } from '../follow-run';
import type { AdvanceReport } from '../outcome';
import { nothingWritten } from '../record';
import { settleRun } from '../settle-run';
import { settleStrays } from '../settle-strays';
import { undecidedRun } from '../undecided-run';
import { STAGING } from './staging-stage';
import { startStagingRun } from './start-staging-run';

/**
 * Stage `deploy-staging`: takes up whatever an earlier advance left (a verdict not yet acted on, a run still going or
 * finished unseen), else starts a run on the staging host; then settles it in the ledger and decides.
 */
export async function advanceStaging(context: AdvanceContext): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  const undecided = await undecidedRun(context);
  if (undecided) return decideRun(context, STAGING, undecided);
  const strays = await settleStrays(context, 'staging');
  if (strays) return strays;
  const job = ledger.read.openJobs(context.item.id).find((open) => open.kind === 'staging');
  if (job) {
    context.onProgress({ kind: 'note', item: context.item.id, text: `taking up run ${job.id}` });
    return finish(context, job);
  }
  const started = await startStagingRun(context);
  return started.ok ? finish(context, started.job) : started.report;
}

async function finish(context: AdvanceContext, job: JobRow): Promise<AdvanceReport> {
  const result = await followRun(context, job);
  const settled = await settleRun(context, STAGING, job, result);
  if (!settled.ok) return nothingWritten(context.item, 'refused', settled.reason, { run: job.id });
  return decideRun(context, STAGING, settled.run);
}
