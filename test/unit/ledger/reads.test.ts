import { describe, expect, it } from 'vitest';
import type { Ledger, Put } from '../../../extension/ledger/ledger';
import type { JobRow, RunRow, VerdictRow } from '../../../extension/ledger/rows';
import { makeFolder, open } from './sample';
import { addition, itemRow, leaseRow, step } from './sample-rows';

const job = (id: string, item: string, created_at: number, settled_at: number | null = null): JobRow => ({
  id,
  item,
  stage: 'testing',
  kind: 'test',
  head: 'h',
  tree: 't',
  spec: '{}',
  rules: '{}',
  created_at,
  settled_at,
});
const run = (id: string, item: string, started_at: number): RunRow => ({
  id,
  item,
  stage: 'testing',
  kind: 'test',
  status: 'suite-ran',
  cause: null,
  detail: null,
  exit_code: 0,
  signal: null,
  result: '{}',
  head: 'h',
  tree: 't',
  started_at,
  duration_ms: 1,
  attempt: 1,
});
const verdict = (id: string, item: string, at: number): VerdictRow => ({
  id,
  item,
  stage: 'testing',
  verdict: 'PASS',
  reason_code: '',
  reason: '',
  producer: 'test-runner',
  head: 'h',
  tree: 't',
  base: 'b',
  command: '[]',
  config_hash: '',
  tests: 1,
  failed: 0,
  skipped: 0,
  at,
});

async function put(ledger: Ledger, ...rows: Put[]): Promise<void> {
  const outcome = await ledger.commit({ actor: 'a', event: 'e', pre: [['switches', 'no such', null]], put: rows });
  expect(outcome).toMatchObject({ ok: true });
}

describe('what is read', () => {
  it('comes in a stable order: items by id, jobs and alerts oldest first, runs and verdicts newest first', async () => {
    const ledger = await open(makeFolder());
    for (const id of ['B-1', 'A-1', 'C-1']) await ledger.commit(addition(id));
    await put(
      ledger,
      ['jobs', job('j2', 'A-1', 20)],
      ['jobs', job('j1', 'A-1', 10)],
      ['jobs', job('j3', 'B-1', 5)],
      ['jobs', job('j4', 'A-1', 1, 2)],
      ['runs', run('j1', 'A-1', 10)],
      ['runs', run('j2', 'A-1', 20)],
      ['runs', run('j3', 'B-1', 30)],
      ['verdicts', verdict('j1', 'A-1', 11)],
      ['verdicts', verdict('j2', 'A-1', 21)],
      ['alerts', { id: 'x', item: 'A-1', code: '', text: '', at: 2, acknowledged_at: null }],
      ['alerts', { id: 'y', item: 'A-1', code: '', text: '', at: 1, acknowledged_at: null }],
      ['alerts', { id: 'z', item: 'A-1', code: '', text: '', at: 0, acknowledged_at: 9 }],
    );
    const { read } = ledger;
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
    expect(ids(read.items())).toEqual(['A-1', 'B-1', 'C-1']);
    expect(ids(read.openJobs())).toEqual(['j3', 'j1', 'j2']);
    expect(ids(read.openJobs('A-1'))).toEqual(['j1', 'j2']);
    expect(ids(read.runs('A-1'))).toEqual(['j2', 'j1']);
    expect(ids(read.verdicts('A-1'))).toEqual(['j2', 'j1']);
    expect(ids(read.alerts())).toEqual(['y', 'x']);
    expect([read.job('j4')?.settled_at, read.run('j3')?.item, read.verdict('j2')?.at]).toEqual([2, 'B-1', 21]);
  });

  it('keeps control runs apart from the runs of an item, and finds them by their tree', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1'));
    const control = (id: string, tree: string, at: number) =>
      ['runs', { ...run(id, 'A-1', at), kind: 'control', tree }] as const;
    await put(
      ledger,
      ['runs', run('j1', 'A-1', 10)],
      control('c1', 't', 11),
      control('c2', 't', 12),
      control('c3', 'u', 13),
    );
    expect(ledger.read.runs('A-1').map(({ id }) => id)).toEqual(['j1']);
    expect(ledger.read.controls('t').map(({ id }) => id)).toEqual(['c2', 'c1']);
  });

  it('of one key is the row, or undefined', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1'));
    await ledger.commit({ actor: 'a', event: 'e', pre: [['leases', 'A-1', null]], put: [['leases', leaseRow('A-1')]] });
    await put(
      ledger,
      ['holds', { item: 'A-1', code: 'c', reason: 'r', remedy: 'm', actor: 'a', run: null, at: 1 }],
      ['switches', { name: 'agents', state: 'off', actor: 'a', reason: '', at: 1 }],
      ['artifacts', { id: 'r/a.md', item: 'A-1', stage: 's', run: 'r', path: 'a.md', sha256: '', at: 1 }],
    );
    const { read } = ledger;
    expect([read.item('A-1')?.id, read.lease('A-1')?.token, read.hold('A-1')?.code]).toEqual(['A-1', 'token', 'c']);
    expect([read.leases().length, read.switches().length, read.artifacts('A-1').length]).toEqual([1, 1, 1]);
    const none = [read.item('X'), read.lease('X'), read.hold('X'), read.run('X'), read.job('X'), read.verdict('X')];
    expect(none).toEqual(none.map(() => undefined));
  });

  it('is a copy: changing it changes nothing', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1'));
    for (const row of ledger.read.items()) row.stage = 'done';
    expect(ledger.read.item('A-1')?.stage).toBe('testing');
  });

  it('gives an item its history in the order of revisions, and all together in the order of time', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('B-1', { since: 5 }));
    await ledger.commit(addition('A-1', { since: 7 }));
    await ledger.commit(step(itemRow('B-1', { since: 6 }), 'merge'));
    expect(ledger.read.transitions('B-1').map(({ rev }) => rev)).toEqual([1, 2]);
    expect(ledger.read.transitions().map(({ id }) => id)).toEqual(['B-1#1', 'B-1#2', 'A-1#1']);
  });
});
