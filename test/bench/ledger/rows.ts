import type { ItemRow, TransitionRow, VerdictRow } from '../../../extension/ledger/rows';

/** Transitions that each item has behind it when a measurement begins. */
export const HISTORY = 5;
const STAGES = ['development', 'review', 'testing'] as const;
const START = 1_700_000_000_000;

export const itemId = (index: number): string => `BENCH-${index}`;
const stageOf = (rev: number): string => STAGES[rev % STAGES.length] ?? STAGES[0];

/** An item with its history, as a project has it after some days. */
export function seedRows(index: number): { item: ItemRow; transitions: TransitionRow[] } {
  const id = itemId(index);
  const item: ItemRow = {
    id,
    title: `Prices keep their currency when they are rounded (${index})`,
    branch: `work/${id}`,
    worktree: `/home/dev/shop.worktrees/${id}`,
    base: 'main',
    base_commit: 'a3f9c1d27be84f60'.repeat(3).slice(0, 40),
    stage: stageOf(HISTORY),
    rev: HISTORY,
    created_at: START,
    developer_retries: 0,
    infra_retries: 0,
    condition: 'ready',
    reason_code: 'advanced',
    reason: 'The suite passed with 214 tests.',
    since: START + HISTORY * 60_000,
    turn: 'person',
    next_action: `interlock advance ${id}`,
    next_at: null,
  };
  return { item, transitions: Array.from({ length: HISTORY }, (_, past) => transitionRow(item, past + 1, `r${past}`)) };
}

/** What one advance writes: the item, a line of its history, the verdict that moved it. */
export function advanceRows(
  item: ItemRow,
  run: string,
): { item: ItemRow; transition: TransitionRow; verdict: VerdictRow } {
  const rev = item.rev + 1;
  const next: ItemRow = { ...item, stage: stageOf(rev), rev, since: START + rev * 60_000 };
  return { item: next, transition: transitionRow(next, rev, run), verdict: verdictRow(next, run) };
}

function transitionRow(item: ItemRow, rev: number, run: string): TransitionRow {
  return {
    id: `${item.id}#${rev}`,
    item: item.id,
    rev,
    at: START + rev * 60_000,
    actor: 'person:bench',
    from_stage: stageOf(rev - 1),
    to_stage: stageOf(rev),
    outcome: 'advanced',
    verdict: 'PASS',
    run,
    reason_code: 'advanced',
    reason: 'The suite passed with 214 tests.',
  };
}

function verdictRow(item: ItemRow, run: string): VerdictRow {
  return {
    id: run,
    item: item.id,
    stage: item.stage,
    verdict: 'PASS',
    reason_code: 'advanced',
    reason: 'The suite passed with 214 tests.',
    producer: 'test-runner',
    head: '5be1d0774c2f9a38'.repeat(3).slice(0, 40),
    tree: '90c7e4f3b2a1d586'.repeat(3).slice(0, 40),
    base: item.base_commit,
    command: 'npm test',
    config_hash: 'f00dfeed12345678'.repeat(2),
    tests: 214,
    failed: 0,
    skipped: 1,
    at: item.since,
  };
}
