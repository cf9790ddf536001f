import { expect } from 'vitest';
import { BUDGETS, ITEMS, STAGES, type World } from './world';

/** What holds after every command, whatever it was, whoever died in it. */
export function expectRules(world: World): void {
  const { read } = world.ledger;
  expect(
    read.leases().filter((lease) => lease.boot_id === world.bootId),
    'who lives holds no lease between two commands',
  ).toEqual([]);
  for (const id of ITEMS) {
    const item = read.item(id);
    if (!item) throw new Error(`${id} is gone`);
    const history = read.transitions(id);
    expect(STAGES, `${id}: a legal stage`).toContain(item.stage);
    expect(
      history.map(({ rev }) => rev),
      `${id}: history count = revision`,
    ).toEqual(Array.from({ length: item.rev }, (_, n) => n + 1));
    expect(history.at(-1)?.to_stage).toBe(item.stage);
    for (const [n, row] of history.entries()) {
      expect(row.from_stage, `${row.id} goes on from the one before`).toBe(history[n - 1]?.to_stage ?? '');
      if (n > 0) expectLegal(world, row);
    }
    for (const { id: run } of read.runs(id)) {
      const decisions = history.filter((row) => row.run === run && row.outcome !== 'started');
      expect(decisions.length, `decisions on ${run}`).toBeLessThanOrEqual(1);
    }
    const going = read.openJobs(id).map(({ kind }) => kind);
    const possible = [[], ['test'], ['test', 'control'], ['staging']];
    expect(possible, `${id}: runs that go`).toContainEqual(going);
    expect(read.hold(id) !== undefined, `${id}: held by a hold`).toBe(item.condition === 'held');
    expect(item.developer_retries).toBeLessThanOrEqual(BUDGETS.developerRetries + 1);
    expect(item.infra_retries).toBeLessThanOrEqual(BUDGETS.infraRetries + 1);
    expect(item.condition === 'done').toBe(item.stage === 'done');
    if (item.condition === 'done') continue;
    expect(
      [item.reason_code, item.reason, item.turn, item.next_action],
      `${id}: why, whose turn, what next`,
    ).not.toContain('');
    if (item.condition === 'deferred') expect(item.next_at).toBeGreaterThan(0);
  }
  expect(new Set(world.host.started).size, 'no run is started twice').toBe(world.host.started.length);
}

type Row = ReturnType<World['ledger']['read']['transitions']>[number];

function expectLegal(world: World, row: Row): void {
  const { read } = world.ledger;
  const from = STAGES.findIndex((stage) => stage === row.from_stage);
  const to = STAGES.findIndex((stage) => stage === row.to_stage);
  const where = `${row.id}: ${row.from_stage} -> ${row.to_stage}, ${row.outcome}`;
  if (row.outcome !== 'advanced') {
    expect(to === from || row.to_stage === 'development', where).toBe(true);
    return;
  }
  expect(to, where).toBe(from + 1);
  // Nothing but a person's word moves an item on from where no exit code decides.
  if (row.from_stage === 'development')
    expect(row, where).toMatchObject({ run: null, verdict: null, actor: 'person:bob' });
  if (row.from_stage === 'testing' || row.from_stage === 'deploy-staging') {
    const verdict = read.verdict(row.run ?? '');
    expect(verdict, where).toMatchObject({ item: row.item, verdict: 'PASS', stage: row.from_stage });
    expect(row.verdict, where).toBe('PASS');
    const tested = read.verdicts(row.item).find(({ stage, at }) => stage === 'testing' && at <= row.at);
    expect(tested, `${where}: on the tested tree`).toMatchObject({ verdict: 'PASS', tree: verdict?.tree });
  }
  if (row.from_stage === 'merge') {
    const passed = read.verdicts(row.item).filter(({ verdict }) => verdict === 'PASS');
    const tested = passed.find(({ stage, at }) => stage === 'testing' && at <= row.at);
    expect(world.git.hasLanded(tested?.tree ?? ''), where).toBe(true);
  }
}
