import { MergeRunSpec } from '../../../runner-host/protocol/merge';
import type { MergeConfig } from '../../config/project-config';
import { leaseStillHeld, releaseLease, takeLease, type Lease } from '../../ledger/lease';
import type { JobRow } from '../../ledger/rows';
import type { AdvanceContext } from '../context';
import { followRun } from '../follow-run';
import type { AdvanceReport, Reason } from '../outcome';
import { leaseLost, nothingWritten, recordAndReport, refuseVisibly } from '../record';
import { settleStrays } from '../settle-strays';
import { retakeMembers, takeMembers, type Member } from './members';
import { aheadOf, queueLeaseName, QUEUE_BUSY, whyFrozen } from './merge-queue';
import { mergeResult, settleMerged } from './settle-merge';
import { startMergeRun } from './start-merge-run';

/**
 * Stage `merge` with the merge gate: one lander at a time for each base, in the order in which items came here. Takes up whatever an
 * earlier advance left (a landing that moved nothing yet, a run still going or finished unseen), else starts a run, and settles it.
 */
export async function advanceMerge(context: AdvanceContext, merge: MergeConfig): Promise<AdvanceReport> {
  const { ports, item } = context;
  const landed = landedBefore(context);
  if (landed) return landed;
  const strays = await settleStrays(context, 'merge');
  if (strays) return strays;
  const job = ports.ledger.read.openJobs(item.id).find((open) => open.kind === 'merge');
  if (!job) {
    const frozen = whyFrozen(ports.ledger.read, item.base);
    if (frozen) return refuseVisibly(context, frozen);
    const ahead = aheadOf(ports.ledger.read, item, ports.clock.now());
    if (ahead) return wait(context, `${ahead.id} came to merge before it and is next`);
  }
  const taken = await takeLease(ports.ledger, queueLeaseName(item.base), ports.identity, context.actor);
  if (!taken.ok) {
    const { actor, pid, host } = taken.owner;
    return wait(context, `${actor} is landing on ${item.base} (process ${pid} on ${host}, ${taken.liveness})`);
  }
  try {
    return job ? await resume(context, taken.lease, job) : await begin(context, merge, taken.lease);
  } finally {
    await releaseLease(ports.ledger, taken.lease);
  }
}

function wait(context: AdvanceContext, text: string): Promise<AdvanceReport> {
  const reason: Reason = { code: QUEUE_BUSY, text, remedy: 'interlock queue' };
  return recordAndReport(context, { type: 'busy', run: null, reason });
}

/** It is on base, and a person held the item, or the process died, before that moved it. */
function landedBefore(context: AdvanceContext): Promise<AdvanceReport> | undefined {
  const { ports, item } = context;
  const { read } = ports.ledger;
  const landing = read.landings(item.id)[0];
  if (!landing) return undefined;
  const came = read.transitions(item.id).findLast((row) => row.to_stage === 'merge' && row.from_stage !== 'merge');
  if (!came || came.at > landing.at) return undefined;
  const reason = { code: 'landed', text: `landed on ${landing.base} as ${landing.commit_id.slice(0, 8)}`, remedy: '' };
  return recordAndReport(
    context,
    { type: 'pass', verdict: 'PASS', run: landing.run, reason },
    { run: landing.run, result: 'LANDED', verdict: 'PASS' },
  );
}

async function begin(context: AdvanceContext, merge: MergeConfig, queue: Lease): Promise<AdvanceReport> {
  const members = merge.batch > 1 ? await takeMembers(context, merge.batch) : [];
  try {
    const started = await startMergeRun(context, merge, members);
    return started.ok ? await run(context, queue, started.job, members) : started.report;
  } finally {
    for (const { lease } of members) await releaseLease(context.ports.ledger, lease);
  }
}

async function resume(context: AdvanceContext, queue: Lease, job: JobRow): Promise<AdvanceReport> {
  context.onProgress({ kind: 'note', item: context.item.id, text: `taking up run ${job.id}` });
  const { items } = MergeRunSpec.parse(JSON.parse(job.spec));
  const members = await retakeMembers(context, items.slice(1));
  try {
    return await run(context, queue, job, members);
  } finally {
    for (const { lease } of members) await releaseLease(context.ports.ledger, lease);
  }
}

/** The others of a batch come first: the job ends with its own item, so that a crash in between is taken up again. */
async function run(
  context: AdvanceContext,
  queue: Lease,
  job: JobRow,
  members: readonly Member[],
): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  // The run may push: from here on nothing can be undone, so who has lost a lease does not ask for it.
  for (const lease of [context.lease, queue, ...members.map((member) => member.lease)]) {
    if (!(await leaseStillHeld(ledger, lease)))
      return nothingWritten(context.item, 'refused', leaseLost(lease.item), { run: job.id });
  }
  const result = mergeResult(await followRun(context, job));
  for (const { item, lease } of members) {
    const now = ledger.read.item(item.id) ?? item;
    if (ledger.read.landings(item.id).some((row) => row.run === job.id)) continue;
    await settleMerged({ ...context, item: now, lease }, job, result);
  }
  return settleMerged(context, job, result);
}
