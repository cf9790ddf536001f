import { leasePrecondition } from '../ledger/lease';
import type { CommitOutcome, Delete, Precondition, Put, Transaction } from '../ledger/ledger';
import type { ItemRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import type { AdvanceReport, Reason } from './outcome';
import { transition, type ItemEvent, type Step, type StepRows, type TransitionRules } from './transition';

/** Rows that belong to the same transaction as a transition. */
export interface Along {
  pre?: Precondition[];
  put?: Put[];
  del?: Delete[];
}

export type Recorded = { ok: true; step: Step & { ok: true } } | { ok: false; reason: Reason };

/** Computes the item's next state and writes it by compare-and-swap on stage and revision, under the lease. */
export async function record(context: AdvanceContext, event: ItemEvent, along: Along = {}): Promise<Recorded> {
  const { ports, loaded, item, lease, actor } = context;
  const rules: TransitionRules = {
    stages: loaded.config.stages,
    budgets: loaded.config.budgets,
    merge: loaded.config.merge,
    now: ports.clock.now(),
    random: ports.random(),
    actor,
  };
  const step = transition(item, event, rules);
  if (!step.ok) return step;
  const written = await ports.ledger.commit({
    actor,
    event: event.type,
    ...rowsOf(item, step, { ...along, pre: [leasePrecondition(lease), ...(along.pre ?? [])] }),
  });
  if (!written.ok) return { ok: false, reason: lostRace(item, written) };
  context.item = step.item;
  if (step.item.stage !== item.stage) {
    context.onProgress({ kind: 'stage', item: item.id, from: item.stage, to: step.item.stage });
  }
  return { ok: true, step };
}

/** The transaction's rows for a step of an item; every stage write in the code is made here. */
export function rowsOf(item: ItemRow, step: StepRows, along: Along = {}): Pick<Transaction, 'pre' | 'put' | 'del'> {
  // The lease, if there is one, comes first: who has lost it is told that, not what the new owner did since.
  const pre: Precondition[] = [...(along.pre ?? []), ['items', item.id, { stage: item.stage, rev: item.rev }]];
  const put: Put[] = [['items', step.item], ['transitions', step.transition], ...(along.put ?? [])];
  const del: Delete[] = [...(along.del ?? [])];
  if (step.hold) put.push(['holds', step.hold]);
  if (step.hold === null) del.push(['holds', item.id]);
  if (step.alert) put.push(['alerts', step.alert]);
  return { pre, put, del };
}

/** What to say when somebody else was quicker. */
export function lostRace(item: ItemRow, conflict: CommitOutcome & { ok: false }): Reason {
  if (conflict.table === 'leases') return leaseLost(item.id);
  const stage = conflict.table === 'items' && conflict.actual ? conflict.actual['stage'] : undefined;
  return {
    code: 'changed-meanwhile',
    text:
      typeof stage === 'string'
        ? `${item.id} changed meanwhile: it is at ${stage} now`
        : `${item.id} changed meanwhile`,
    remedy: `interlock show ${item.id}, then advance again`,
  };
}

/** What an advance is told whose lease a person or a new owner took. */
export function leaseLost(item: string): Reason {
  return {
    code: 'lease-lost',
    text: `the lease of ${item} was taken away meanwhile; nothing more was written`,
    remedy: `interlock log ${item} says by whom; then: interlock advance ${item}`,
  };
}

/** The report of an advance that wrote nothing. */
export function nothingWritten(
  item: Pick<ItemRow, 'id' | 'stage'>,
  outcome: 'refused' | 'held' | 'waiting',
  reason: Reason,
  facts: Partial<Pick<AdvanceReport, 'verdict' | 'result' | 'run'>> = {},
): AdvanceReport {
  return {
    item: item.id,
    from: item.stage,
    to: item.stage,
    outcome,
    verdict: null,
    result: null,
    run: null,
    ...facts,
    reason,
  };
}

/**
 * Refuses for a reason that lies in the item itself (its worktree, its report) and keeps that reason with the item, so that
 * every window shows it. The stage is not touched.
 */
export async function refuseVisibly(
  context: AdvanceContext,
  reason: Reason,
  facts: Partial<Pick<AdvanceReport, 'verdict' | 'result' | 'run'>> = {},
): Promise<AdvanceReport> {
  const from = context.item;
  const known = from.condition === 'waiting' && from.reason_code === reason.code && from.reason === reason.text;
  if (!known) {
    const recorded = await record(context, { type: 'wait', reason });
    if (!recorded.ok) return nothingWritten(from, 'refused', recorded.reason, facts);
  }
  return nothingWritten(from, 'refused', reason, facts);
}

/** Records an event and tells it as the advance's report; a lost race is a refusal. */
export async function recordAndReport(
  context: AdvanceContext,
  event: ItemEvent,
  facts: Partial<Pick<AdvanceReport, 'verdict' | 'result' | 'run'>> = {},
  along: Along = {},
): Promise<AdvanceReport> {
  const from = context.item;
  const recorded = await record(context, event, along);
  if (!recorded.ok) return nothingWritten(from, 'refused', recorded.reason, facts);
  const { step } = recorded;
  return {
    item: from.id,
    from: from.stage,
    to: step.item.stage,
    outcome: step.outcome === 'started' || step.outcome === 'acknowledged' ? 'waiting' : step.outcome,
    verdict: null,
    result: null,
    run: null,
    ...facts,
    reason: {
      code: step.transition.reason_code,
      text: step.transition.reason,
      remedy: step.hold?.remedy ?? ('reason' in event ? event.reason.remedy : ''),
    },
  };
}
