import type { Budgets, MergeConfig, StageName } from '../config/project-config';
import type { AlertRow, HoldRow, ItemRow, TransitionRow } from '../ledger/rows';
import { backOffMs } from './budgets';
import type { Condition, Outcome, Reason, Turn, Verdict } from './outcome';
import { nextStage, stageOf } from './stages';

/** What happened to an item. */
export type ItemEvent =
  | { type: 'run-started'; run: string }
  | { type: 'pass'; verdict: Verdict | null; run: string | null; reason: Reason }
  | { type: 'fail'; run: string; reason: Reason }
  | { type: 'inconclusive'; run: string; reason: Reason }
  | { type: 'transient'; run: string | null; reason: Reason }
  /** Somebody else's turn: tried again, at no cost. */
  | { type: 'busy'; run: string | null; reason: Reason }
  /** Back for work that nobody is to blame for. */
  | { type: 'bounce'; run: string; to: StageName; reason: Reason }
  | { type: 'needs-person'; run: string; reason: Reason }
  | { type: 'acknowledge'; run: string; reason: Reason }
  | { type: 'permanent'; run: string | null; reason: Reason }
  | { type: 'cancelled'; run: string; reason: Reason }
  | { type: 'wait'; reason: Reason }
  | { type: 'hold'; reason: Reason }
  | { type: 'release'; reason: Reason }
  | { type: 'send-back'; reason: Reason };

export interface TransitionRules {
  stages: readonly StageName[];
  budgets: Budgets;
  /** Null or missing: a person lands the branch. */
  merge?: MergeConfig | null;
  now: number;
  /** In [0, 1): the jitter of the back-off. */
  random: number;
  actor: string;
}

/** The rows to write, or why there are none. `hold`: a row to put, null = remove the one that is there, undefined = leave. */
export type Step =
  | {
      ok: true;
      outcome: Outcome | 'started' | 'acknowledged';
      item: ItemRow;
      transition: TransitionRow;
      hold: HoldRow | null | undefined;
      alert: AlertRow | undefined;
    }
  | { ok: false; reason: Reason };

/** The part of a step that is written. */
export type StepRows = Pick<Step & { ok: true }, 'item' | 'transition' | 'hold' | 'alert'>;

interface Change {
  outcome: Outcome | 'started' | 'acknowledged';
  stage: string;
  condition: Condition;
  turn: Turn;
  reason: Reason;
  nextAction: string;
  nextAt?: number;
  developerRetries?: number;
  infraRetries?: number;
  verdict?: Verdict | null;
  run?: string | null;
  hold?: HoldRow | null;
  alert?: boolean;
}

/** Another landing takes about as long as a suite. */
const BUSY_MS = 30_000;

/** Events that a held item takes. */
const LEAVES_HOLD = new Set<ItemEvent['type']>(['release', 'send-back', 'hold', 'acknowledge']);

/**
 * The one place where an item's next state is computed: pure, exhaustive, and silent about anything that the table of stages
 * does not allow (`ok: false`, nothing to write).
 */
export function transition(item: ItemRow, event: ItemEvent, rules: TransitionRules): Step {
  const stage = stageOf(item.stage);
  if (!stage || stage.name === 'done') return illegal(item, event, 'it is done');
  if (item.condition === 'held' && !LEAVES_HOLD.has(event.type)) return illegal(item, event, 'it is held');
  switch (event.type) {
    case 'run-started':
      return step(item, rules, {
        outcome: 'started',
        stage: item.stage,
        condition: 'running',
        turn: 'runner',
        reason: { code: 'run-started', text: `run ${event.run} is going`, remedy: '' },
        nextAction: 'The verdict follows when the run ends.',
        run: event.run,
      });
    case 'pass':
      return arrive(item, rules, event.reason, { verdict: event.verdict, run: event.run });
    case 'fail':
      return rollBack(item, event, rules);
    case 'inconclusive':
      return hold(item, rules, event.reason, { verdict: 'INCONCLUSIVE', run: event.run, alert: true });
    case 'transient':
      return defer(item, event, rules);
    case 'busy':
      return step(item, rules, {
        outcome: 'deferred',
        stage: item.stage,
        condition: 'deferred',
        turn: 'timer',
        reason: event.reason,
        nextAction: `It is tried again; \`interlock advance ${item.id}\` tries at once.`,
        nextAt: rules.now + BUSY_MS,
        run: event.run,
      });
    case 'bounce':
      return bounce(item, event, rules);
    case 'permanent':
      return hold(item, rules, event.reason, { run: event.run, alert: true });
    case 'needs-person':
      return hold(item, rules, event.reason, { verdict: 'PASS', run: event.run, alert: true });
    case 'acknowledge':
      if (item.condition !== 'held') return illegal(item, event, 'it is not held');
      return step(item, rules, {
        ...awaiting(item, item.stage, rules),
        outcome: 'acknowledged',
        reason: event.reason,
        run: event.run,
        hold: null,
      });
    case 'cancelled':
      return step(item, rules, {
        outcome: 'waiting',
        stage: item.stage,
        condition: 'ready',
        turn: 'person',
        reason: event.reason,
        nextAction: `interlock advance ${item.id}`,
        run: event.run,
      });
    case 'wait':
      return step(item, rules, {
        outcome: 'waiting',
        stage: item.stage,
        condition: 'waiting',
        turn: 'person',
        reason: event.reason,
        nextAction: event.reason.remedy,
      });
    case 'hold':
      return hold(item, rules, event.reason, {});
    case 'release':
      return release(item, event, rules);
    case 'send-back':
      return sendBack(item, event, rules);
  }
}

/** Moves to the next stage of the project and says what is awaited there. */
function arrive(
  item: ItemRow,
  rules: TransitionRules,
  reason: Reason,
  facts: { verdict?: Verdict | null; run?: string | null },
): Step {
  const next = nextStage(rules.stages, item.stage);
  if (!next) return illegal(item, { type: 'pass' }, `interlock.json has no stage after "${item.stage}"`);
  return step(item, rules, { ...awaiting(item, next, rules), outcome: 'advanced', reason, ...facts, infraRetries: 0 });
}

function rollBack(item: ItemRow, event: ItemEvent & { type: 'fail' }, rules: TransitionRules): Step {
  const target = stageOf(item.stage)?.onFail;
  const facts = { verdict: 'FAIL' as const, run: event.run };
  if (!target || !rules.stages.includes(target)) return hold(item, rules, event.reason, { ...facts, alert: true });
  const developerRetries = item.developer_retries + 1;
  if (developerRetries > rules.budgets.developerRetries) {
    const spent: Reason = {
      code: 'developer-budget-spent',
      text: `${event.reason.text}; the budget of ${rules.budgets.developerRetries} developer retries is spent`,
      remedy: `Look at the report, then \`interlock release ${item.id}\` grants a fresh budget.`,
    };
    return hold({ ...item, stage: target }, rules, spent, {
      ...facts,
      from: item.stage,
      alert: true,
      developerRetries,
    });
  }
  return step(item, rules, {
    ...awaiting(item, target, rules),
    outcome: 'rolled-back',
    reason: event.reason,
    ...facts,
    developerRetries,
    infraRetries: 0,
  });
}

/** To the stage that can mend it, or the nearest one before that the project has. */
function bounce(item: ItemRow, event: ItemEvent & { type: 'bounce' }, rules: TransitionRules): Step {
  const target = [event.to, 'development' as const].find((stage) => rules.stages.includes(stage));
  const facts = { verdict: 'FAIL' as const, run: event.run };
  if (!target) return hold(item, rules, event.reason, { ...facts, alert: true });
  return step(item, rules, {
    ...awaiting(item, target, rules),
    outcome: 'rolled-back',
    reason: event.reason,
    ...facts,
    infraRetries: 0,
  });
}

function defer(item: ItemRow, event: ItemEvent & { type: 'transient' }, rules: TransitionRules): Step {
  const infraRetries = item.infra_retries + 1;
  if (infraRetries > rules.budgets.infraRetries) {
    const spent: Reason = {
      code: event.reason.code,
      text: `${event.reason.text}; ${rules.budgets.infraRetries} retries did not help`,
      remedy: event.reason.remedy || `When the cause is gone: interlock release ${item.id}`,
    };
    return hold(item, rules, spent, { run: event.run, alert: true });
  }
  const nextAt = rules.now + backOffMs(infraRetries, rules.random);
  return step(item, rules, {
    outcome: 'deferred',
    stage: item.stage,
    condition: 'deferred',
    turn: 'timer',
    reason: event.reason,
    nextAction: `Infra retry ${infraRetries} of ${rules.budgets.infraRetries}; \`interlock advance ${item.id}\` tries at once.`,
    nextAt,
    infraRetries,
    run: event.run,
  });
}

function hold(
  item: ItemRow,
  rules: TransitionRules,
  reason: Reason,
  facts: { verdict?: Verdict; run?: string | null; alert?: boolean; from?: string; developerRetries?: number },
): Step {
  const release = `interlock release ${item.id}`;
  const { from, ...rest } = facts;
  return step(from === undefined ? item : { ...item, stage: from }, rules, {
    outcome: 'held',
    stage: item.stage,
    condition: 'held',
    turn: 'person',
    reason,
    nextAction: release,
    ...rest,
    hold: {
      item: item.id,
      code: reason.code,
      reason: reason.text,
      remedy: reason.remedy || release,
      actor: rules.actor,
      run: facts.run ?? null,
      at: rules.now,
    },
  });
}

function release(item: ItemRow, event: ItemEvent & { type: 'release' }, rules: TransitionRules): Step {
  if (item.condition === 'held') {
    const fresh = { developerRetries: 0, infraRetries: 0 };
    return step(item, rules, {
      ...awaiting(item, item.stage, rules),
      outcome: 'waiting',
      reason: event.reason,
      hold: null,
      ...fresh,
    });
  }
  if (!stageOf(item.stage)?.movableByPerson) {
    return {
      ok: false,
      reason: {
        code: 'nothing-to-release',
        text: `${item.id} is not held, and ${item.stage} is decided by evidence, not by a person's word`,
        remedy: `interlock advance ${item.id}`,
      },
    };
  }
  return arrive(item, rules, event.reason, {});
}

function sendBack(item: ItemRow, event: ItemEvent & { type: 'send-back' }, rules: TransitionRules): Step {
  const target = rules.stages.includes('development') ? 'development' : rules.stages[0];
  if (!target || item.condition === 'running') return illegal(item, event, 'a run is going: cancel it first');
  if (item.stage === target && item.condition !== 'held') return illegal(item, event, `it is at ${target} already`);
  const hold = item.condition === 'held' ? null : undefined;
  return step(item, rules, {
    ...awaiting(item, target, rules),
    outcome: 'rolled-back',
    reason: event.reason,
    infraRetries: 0,
    ...(hold === null ? { hold } : {}),
  });
}

/** What an item that has just come to a stage waits for. */
export function awaiting(
  item: Pick<ItemRow, 'id' | 'branch' | 'base'>,
  stage: string,
  { merge }: Pick<TransitionRules, 'merge'>,
): Pick<Change, 'stage' | 'condition' | 'turn' | 'nextAction'> {
  const producer = stageOf(stage)?.producer;
  switch (producer) {
    case 'test-runner':
    case 'staging-runner':
      return { stage, condition: 'ready', turn: 'person', nextAction: `interlock advance ${item.id}` };
    case 'landing':
      if (merge) return { stage, condition: 'ready', turn: 'person', nextAction: `interlock advance ${item.id}` };
      return {
        stage,
        condition: 'waiting',
        turn: 'person',
        nextAction: `Land ${item.branch} on ${item.base}, then: interlock advance ${item.id}`,
      };
    case 'nobody':
      return { stage, condition: 'done', turn: 'nobody', nextAction: 'Nothing: it is done.' };
    case 'person-or-agent':
    case 'deploy-runner':
    case undefined:
      return {
        stage,
        condition: 'waiting',
        turn: 'person',
        nextAction: `When it is done: interlock release ${item.id}`,
      };
  }
}

function step(item: ItemRow, rules: TransitionRules, change: Change): Step {
  const rev = item.rev + 1;
  const next: ItemRow = {
    ...item,
    stage: change.stage,
    rev,
    developer_retries: change.developerRetries ?? item.developer_retries,
    infra_retries: change.infraRetries ?? item.infra_retries,
    condition: change.condition,
    reason_code: change.reason.code,
    reason: change.reason.text,
    since: rules.now,
    turn: change.turn,
    next_action: change.nextAction,
    next_at: change.nextAt ?? null,
  };
  const row: TransitionRow = {
    id: `${item.id}#${rev}`,
    item: item.id,
    rev,
    at: rules.now,
    actor: rules.actor,
    from_stage: item.stage,
    to_stage: change.stage,
    outcome: change.outcome,
    verdict: change.verdict ?? null,
    run: change.run ?? null,
    reason_code: change.reason.code,
    reason: change.reason.text,
  };
  const alert: AlertRow | undefined = change.alert
    ? {
        id: row.id,
        item: item.id,
        code: change.reason.code,
        text: change.reason.text,
        at: rules.now,
        acknowledged_at: null,
      }
    : undefined;
  return { ok: true, outcome: change.outcome, item: next, transition: row, hold: change.hold, alert };
}

function illegal(item: ItemRow, event: { type: string }, why: string): Step {
  return {
    ok: false,
    reason: {
      code: 'illegal-transition',
      text: `${item.id} at ${item.stage} does not take "${event.type}": ${why}`,
      remedy: `interlock why ${item.id}`,
    },
  };
}
