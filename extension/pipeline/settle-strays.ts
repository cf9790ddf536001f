import type { JobRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import { followRun } from './follow-run';
import { settleStrayMerge } from './merge/settle-merge';
import type { AdvanceReport, Reason } from './outcome';
import { nothingWritten } from './record';
import { CONTROL } from './run-control';
import { settleRun } from './settle-run';
import { STAGING } from './staging/staging-stage';
import { TESTING } from './testing-stage';

/**
 * Runs of another stage that nobody settled, because a person moved the item on while they went: they are cancelled if they
 * still go, their results go on record, and move nothing.
 * @returns what kept that from being written; undefined: all is well
 */
export async function settleStrays(context: AdvanceContext, kind: string): Promise<AdvanceReport | undefined> {
  const { ledger } = context.ports;
  for (const job of ledger.read.openJobs(context.item.id)) {
    if (job.kind === kind || job.kind === CONTROL) continue;
    context.onProgress({ kind: 'note', item: context.item.id, text: `ending run ${job.id} of ${job.stage}` });
    const settled = await settle({ ...context, signal: AbortSignal.abort() }, job);
    if (settled) return nothingWritten(context.item, 'refused', settled, { run: job.id });
  }
  return undefined;
}

async function settle(context: AdvanceContext, job: JobRow): Promise<Reason | undefined> {
  const result = await followRun(context, job);
  if (result.kind === 'merge') return settleStrayMerge(context, job, result);
  const settled =
    result.kind === 'test'
      ? await settleRun(context, TESTING, job, result)
      : await settleRun(context, STAGING, job, result);
  return settled.ok ? undefined : settled.reason;
}
