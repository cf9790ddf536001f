import { MergeRunSpec, type MergedItem, type MergeRunResult } from '../../../runner-host/protocol/merge';
import type { RunResult } from '../../../runner-host/protocol/runs';
import { INFRA_CLASS } from '../../../runner-host/protocol/result';
import { leasePrecondition } from '../../ledger/lease';
import type { JobRow, LandingRow, RunRow, VerdictRow } from '../../ledger/rows';
import { acknowledgeResult } from '../acknowledge-result';
import type { AdvanceContext } from '../context';
import { ratchetAfter } from '../gates/check-coverage';
import type { AdvanceReport, Reason } from '../outcome';
import { lostRace, nothingWritten, record, type Along } from '../record';
import { runRow } from '../run-rows';
import { takeUpMeanwhile } from '../take-up-meanwhile';
import { reservationsOf } from './reservations-of';
import { mergeRules } from './merge-rules';
import { routeOutcome, type MergeDecision } from './route-outcome';

/** Somebody else moved the ratchet, the queue or the landing: read again so often. */
const TRIES = 5;

/** The result as a merge run's. Throws if it is another runner's: the job and the result do not belong together. */
export function mergeResult(result: RunResult): MergeRunResult {
  if (result.kind !== 'merge') throw new Error(`run ${result.run} is no merge run, but ${result.kind}`);
  return result;
}

/** What the run's result means for one of its items; pure. */
export function decideMerged(
  job: JobRow,
  result: MergeRunResult,
  item: string,
): { decision: MergeDecision; merged: MergedItem | null } {
  if (result.status === 'infra') return { decision: decideInfra(job.id, result), merged: null };
  const spec = MergeRunSpec.parse(JSON.parse(job.spec));
  const asked = spec.items.find((one) => one.item === item);
  const merged = result.items.find((one) => one.item === item);
  if (!asked || !merged) throw new Error(`run ${job.id} says nothing of ${item}`);
  const evidence = { item, base: spec.base, head: asked.head, demands: mergeRules(job).demands, merged };
  return { decision: routeOutcome(job.id, evidence), merged };
}

function decideInfra(run: string, { cause, detail }: MergeRunResult & { status: 'infra' }): MergeDecision {
  const reason: Reason = { code: cause, text: detail, remedy: 'It takes up where it was when it is tried again.' };
  const types = { cancelled: 'cancelled', 'permanent-env': 'permanent', 'transient-infra': 'transient' } as const;
  const event = { type: types[INFRA_CLASS[cause]], run, reason };
  return { event, verdict: null, reason, landed: false, keepHead: false, freeze: false };
}

/**
 * Writes what the run means for the context's item in one transaction: its step, the landing, the ratchet, the anchor, the queue's state;
 * for the item that leads also the run and the end of its job. A person who has held or moved the item meanwhile keeps their word:
 * then only the facts are written. Safe to repeat.
 */
export async function settleMerged(
  context: AdvanceContext,
  job: JobRow,
  result: MergeRunResult,
): Promise<AdvanceReport> {
  const { ports } = context;
  const from = context.item;
  const { decision, merged } = decideMerged(job, result, from.id);
  if (decision.keepHead && merged) await ports.git.keepCommit(`refs/interlock/anchors/${from.id}`, merged.head);
  for (let tries = 1; ; tries++) {
    const along = rowsAlong(context, job, result, { decision, merged });
    const facts = { run: job.id, result: resultText(result, merged), verdict: decision.verdict };
    const recorded = await record(context, decision.event, along);
    if (recorded.ok) {
      if (job.item === from.id) await acknowledgeResult(context, job.id);
      const { step } = recorded;
      const outcome = step.outcome === 'started' || step.outcome === 'acknowledged' ? 'waiting' : step.outcome;
      const { reason_code: code, reason: text } = step.transition;
      const reason = { code, text, remedy: step.hold?.remedy ?? decision.reason.remedy };
      return { item: from.id, from: from.stage, to: step.item.stage, outcome, ...facts, reason };
    }
    await ports.ledger.refresh();
    const now = ports.ledger.read.item(from.id);
    if (recorded.reason.code === 'lease-lost') return nothingWritten(from, 'refused', recorded.reason, facts);
    if (now?.rev === from.rev && recorded.reason.code === 'changed-meanwhile' && tries < TRIES) continue;
    const refused = await settleFacts(context, job, along);
    if (refused) return nothingWritten(from, 'refused', refused, facts);
    const theirs = await takeUpMeanwhile(context, { id: job.id, stage: job.stage });
    return theirs ?? nothingWritten(from, 'refused', recorded.reason, facts);
  }
}

/** The facts without a step: what landed has landed, whatever a person said meanwhile. */
async function settleFacts(context: AdvanceContext, job: JobRow, along: Along): Promise<Reason | undefined> {
  const { ports, lease, actor, item } = context;
  const written = await ports.ledger.commit({
    actor,
    event: 'run-settled',
    pre: [leasePrecondition(lease), ...(along.pre ?? [])],
    put: along.put ?? [],
    del: along.del ?? [],
  });
  if (!written.ok && ports.ledger.read.run(job.id) === undefined) return lostRace(item, written);
  if (job.item === item.id) await acknowledgeResult(context, job.id);
  return undefined;
}

/** For a run whose item was moved on by a person while it went. Undefined: all is on record. */
export async function settleStrayMerge(
  context: AdvanceContext,
  job: JobRow,
  result: MergeRunResult,
): Promise<Reason | undefined> {
  return settleFacts(context, job, rowsAlong(context, job, result, decideMerged(job, result, job.item)));
}

function rowsAlong(
  context: AdvanceContext,
  job: JobRow,
  result: MergeRunResult,
  { decision, merged }: { decision: MergeDecision; merged: MergedItem | null },
): Along & Required<Pick<Along, 'pre' | 'put' | 'del'>> {
  const { ports, item, actor } = context;
  const { read } = ports.ledger;
  const at = ports.clock.now();
  const along: Along & Required<Pick<Along, 'pre' | 'put' | 'del'>> = { pre: [], put: [], del: [] };
  if (job.item === item.id) {
    const run = runRow(job, result, item.infra_retries + 1);
    along.pre.push(['jobs', job.id, { settled_at: null }], ['runs', job.id, null]);
    along.put.push(['jobs', { ...job, settled_at: at }], ['runs', run]);
    const verdict = verdictOf(job, run, decision, merged, at);
    if (verdict) along.put.push(['verdicts', verdict]);
  }
  const landing = decision.landed && merged ? landingOf(item.base, job, item.id, merged, at) : undefined;
  if (landing) {
    along.pre.push(['landings', landing.id, null]);
    along.put.push(['landings', landing]);
    if (read.anchor(item.id)) along.del.push(['anchors', item.id]);
    along.del.push(...reservationsOf(read, item.id));
    addRatchet(along, context, job.id, merged, at);
  }
  if (decision.keepHead && merged && !read.anchor(item.id)) {
    along.pre.push(['anchors', item.id, null]);
    along.put.push([
      'anchors',
      { item: item.id, fork: item.base_commit, head: merged.head, why: decision.reason.text, at },
    ]);
  }
  if (decision.freeze)
    along.put.push(['queues', { base: item.base, state: 'frozen', reason: decision.reason.text, actor, at }]);
  return along;
}

/** Moves up by compare-and-swap: of two landings at once none can take the other's share back. */
function addRatchet(
  along: Required<Pick<Along, 'pre' | 'put'>>,
  { ports, item }: AdvanceContext,
  run: string,
  merged: MergedItem | null,
  at: number,
): void {
  const present = ports.ledger.read.ratchet(item.base);
  const next = ratchetAfter(present, merged?.coverage ?? null);
  if (!next) return;
  along.pre.push(['ratchets', item.base, present ? { run: present.run, item: present.item } : null]);
  along.put.push(['ratchets', { base: item.base, ...next, item: item.id, run, at }]);
}

function landingOf(base: string, job: JobRow, item: string, merged: MergedItem, at: number): LandingRow | undefined {
  const { outcome, test, batch, tip } = merged;
  const id = `${item}/${job.id}`;
  if (outcome.outcome === 'ALREADY_LANDED') {
    const { commit } = outcome;
    return { id, item, base, commit_id: commit, tree: '', tip: commit, tested: 'already-there', run: job.id, at };
  }
  if (outcome.outcome !== 'LANDED') return undefined;
  const how =
    batch.length > 0
      ? 'batch'
      : test?.state === 'not-configured'
        ? 'not-tested'
        : test?.state === 'ran'
          ? 'alone'
          : 'proven';
  return {
    id,
    item,
    base,
    commit_id: outcome.commit,
    tree: outcome.tree,
    tip: tip ?? outcome.commit,
    tested: how,
    run: job.id,
    at,
  };
}

function verdictOf(
  job: JobRow,
  run: RunRow,
  { verdict, reason }: MergeDecision,
  merged: MergedItem | null,
  at: number,
): VerdictRow | undefined {
  if (verdict === null) return undefined;
  const { base, configHash } = mergeRules(job);
  const ran =
    merged?.test?.state === 'ran' && merged.test.result.status === 'suite-ran' ? merged.test.result : undefined;
  const counts = ran?.report.state === 'read' ? ran.report : undefined;
  return {
    id: job.id,
    item: job.item,
    stage: job.stage,
    verdict,
    reason_code: reason.code,
    reason: reason.text,
    producer: 'merge-gate',
    head: job.head,
    tree: run.tree,
    base,
    command: JSON.stringify(ran?.supervision.resolvedCommand ?? []),
    config_hash: configHash,
    tests: counts?.tests ?? null,
    failed: counts ? counts.failed + counts.errored : null,
    skipped: counts?.skipped ?? null,
    at,
  };
}

function resultText(result: MergeRunResult, merged: MergedItem | null): string {
  if (result.status === 'infra') return `infra:${result.cause}`;
  return merged?.outcome.outcome ?? result.status;
}
