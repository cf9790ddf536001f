import type { Transaction } from '../../../extension/ledger/ledger';
import type { ItemRow, LeaseRow, TransitionRow } from '../../../extension/ledger/rows';

export function itemRow(id: string, rest: Partial<ItemRow> = {}): ItemRow {
  return {
    id,
    title: `Title of ${id}`,
    branch: `work/${id}`,
    worktree: `/trees/${id}`,
    base: 'main',
    base_commit: 'a'.repeat(40),
    stage: 'testing',
    rev: 1,
    created_at: 1_700_000_000_000,
    developer_retries: 0,
    infra_retries: 0,
    condition: 'ready',
    reason_code: 'added',
    reason: 'added',
    since: 1_700_000_000_000,
    turn: 'person',
    next_action: `interlock advance ${id}`,
    next_at: null,
    ...rest,
  };
}

export function transitionRow(item: ItemRow, from: string): TransitionRow {
  return {
    id: `${item.id}#${item.rev}`,
    item: item.id,
    rev: item.rev,
    at: item.since,
    actor: 'person:test',
    from_stage: from,
    to_stage: item.stage,
    outcome: 'advanced',
    verdict: null,
    run: null,
    reason_code: item.reason_code,
    reason: item.reason,
  };
}

export function leaseRow(item: string, rest: Partial<LeaseRow> = {}): LeaseRow {
  return {
    item,
    token: 'token',
    host: 'here',
    boot_id: 'boot',
    pid_namespace: 'pid:[1]',
    pid: 4242,
    start_time: '100',
    actor: 'person:test',
    at: 1_700_000_000_000,
    ...rest,
  };
}

/** Adds an item with its first transition. */
export function addition(id: string, rest: Partial<ItemRow> = {}): Transaction {
  const item = itemRow(id, rest);
  return {
    actor: 'person:test',
    event: 'add',
    pre: [['items', id, null]],
    put: [
      ['items', item],
      ['transitions', transitionRow(item, '')],
    ],
  };
}

/** The item's next step, by compare-and-swap on stage and revision. */
export function step(item: ItemRow, stage: string): Transaction {
  const next = { ...item, stage, rev: item.rev + 1 };
  return {
    actor: 'person:test',
    event: 'advance',
    pre: [['items', item.id, { stage: item.stage, rev: item.rev }]],
    put: [
      ['items', next],
      ['transitions', transitionRow(next, item.stage)],
    ],
  };
}
