import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { applyTransaction, findConflict, unfit } from '../../../extension/ledger/apply';
import type { TransactionRecord } from '../../../extension/ledger/line-format';
import type { TableName, Tables } from '../../../extension/ledger/rows';
import { View } from '../../../extension/ledger/view';
import { sqlJs } from './sample';
import { itemRow, leaseRow, transitionRow } from './sample-rows';

/** A row of every table: the compiler sees that its columns are those of the interface. */
const SAMPLES: { [T in TableName]: Tables[T] } = {
  items: itemRow('A-1'),
  transitions: transitionRow(itemRow('A-1'), ''),
  jobs: {
    id: 'r1',
    item: 'A-1',
    stage: 's',
    kind: 'test',
    head: 'h',
    tree: 't',
    spec: '{}',
    rules: '{}',
    created_at: 1,
    settled_at: null,
  },
  runs: {
    id: 'r1',
    item: 'A-1',
    stage: 's',
    kind: 'test',
    status: 'infra',
    cause: 'timeout',
    detail: null,
    exit_code: null,
    signal: 'SIGTERM',
    result: '{}',
    head: 'h',
    tree: 't',
    started_at: 1_700_000_000_123,
    duration_ms: 5,
    attempt: 1,
  },
  verdicts: {
    id: 'r1',
    item: 'A-1',
    stage: 's',
    verdict: 'FAIL',
    reason_code: 'c',
    reason: 'why',
    producer: 'test-runner',
    head: 'h',
    tree: 't',
    base: 'b',
    command: '[]',
    config_hash: 'x',
    tests: 3,
    failed: 1,
    skipped: null,
    at: 1,
  },
  artifacts: { id: 'r1/a.md', item: 'A-1', stage: 's', run: 'r1', path: 'a.md', sha256: 'x', at: 1 },
  leases: leaseRow('A-1'),
  holds: { item: 'A-1', code: 'c', reason: 'why', remedy: 'do', actor: 'a', run: null, at: 1 },
  switches: { name: 'agents', state: 'off', actor: 'a', reason: 'why', at: 1 },
  alerts: { id: 'al1', item: 'A-1', code: 'c', text: 't', at: 1, acknowledged_at: null },
  archives: { item: 'A-1', rev: 4, at: 1 },
  anchors: { item: 'A-1', fork: 'f', head: 'h', why: 'w', at: 1 },
  waivers: { id: 'A-1/x/a', item: 'A-1', kind: 'k', path: 'a', line_hash: 'x', reason: 'why', actor: 'a', at: 1 },
  reservations: { id: 's#7', series: 's', number: 7, item: 'A-1', actor: 'a', at: 1 },
  queues: { base: 'main', state: 'open', reason: 'why', actor: 'a', at: 1 },
  landings: {
    id: 'A-1/m1',
    item: 'A-1',
    base: 'main',
    commit_id: 'c',
    tree: 't',
    tip: 'c',
    tested: 'alone',
    run: 'm1',
    at: 1,
  },
  ratchets: { base: 'main', covered: 9, total: 10, item: 'A-1', run: 'm1', at: 1 },
};
const TABLES = Object.keys(SAMPLES) as TableName[];

let view: View;
beforeEach(async () => {
  const opened = View.open(await sqlJs());
  onTestFinished(() => opened.close());
  view = opened;
});

const record = (rest: Partial<TransactionRecord>): TransactionRecord => ({
  x: 'x',
  at: 1,
  by: 'a',
  e: 'e',
  pre: [],
  put: [],
  del: [],
  ...rest,
});
const put = (...rows: TransactionRecord['put']) => applyTransaction(view, record({ put: rows }), new Set());

describe('the tables that the migrations make', () => {
  it('are those of the rows', () => {
    expect(view.tables.map(({ name }) => name)).toEqual([...TABLES].sort());
  });

  it.each(TABLES)('%s: a row comes back as it was put', (table) => {
    const row = { ...SAMPLES[table] };
    expect(unfit(view, record({ put: [[table, row]] }))).toBeNull();
    put([table, row]);
    expect(view.all(`SELECT * FROM ${table}`)).toEqual([row]);
  });
});

describe('preconditions', () => {
  const conflict = (...pre: TransactionRecord['pre']) => findConflict(view, pre);

  it('compare the named columns only', () => {
    put(['items', { ...itemRow('A-1', { rev: 3 }) }]);
    expect(conflict(['items', 'A-1', { stage: 'testing', rev: 3 }])).toBeNull();
    expect(conflict(['items', 'A-1', { rev: 4 }])).toMatchObject({
      table: 'items',
      key: 'A-1',
      actual: { rev: 3, stage: 'testing' },
    });
  });

  it('tell a number from its text and null from both', () => {
    put(['items', { ...itemRow('A-1') }]);
    expect(conflict(['items', 'A-1', { rev: '1' }])).not.toBeNull();
    expect(conflict(['items', 'A-1', { next_at: 0 }])).not.toBeNull();
    expect(conflict(['items', 'A-1', { next_at: null }])).toBeNull();
  });

  it('on absence hold only while there is no such row', () => {
    expect(conflict(['items', 'A-1', null])).toBeNull();
    put(['items', { ...itemRow('A-1') }]);
    expect(conflict(['items', 'A-1', null])).toMatchObject({ expected: null, actual: { id: 'A-1' } });
  });

  it('on a row fail when there is none, and hold for any row if they name no column', () => {
    expect(conflict(['items', 'A-1', {}])).toMatchObject({ actual: null });
    put(['items', { ...itemRow('A-1') }]);
    expect(conflict(['items', 'A-1', {}])).toBeNull();
  });
});

describe('applying', () => {
  it('does nothing at all if one of several preconditions fails', () => {
    const changed = new Set<string>();
    const transaction = record({
      pre: [
        ['items', 'A-1', null],
        ['leases', 'A-1', { token: 't' }],
      ],
      put: [['items', { ...itemRow('A-1') }]],
    });
    expect(applyTransaction(view, transaction, changed)).toMatchObject({ table: 'leases', actual: null });
    expect(view.all('SELECT * FROM items')).toEqual([]);
    expect(changed.size).toBe(0);
  });

  it('names the items of all changed rows, those of deleted ones too', () => {
    put(['alerts', { ...SAMPLES.alerts, id: 'al9', item: 'B-2' }]);
    const changed = new Set<string>();
    const transaction = record({
      put: [
        ['items', { ...itemRow('A-1') }],
        ['transitions', { ...transitionRow(itemRow('C-3'), '') }],
        ['switches', { ...SAMPLES.switches }],
      ],
      del: [['alerts', 'al9']],
    });
    expect(applyTransaction(view, transaction, changed)).toBeNull();
    expect(changed).toEqual(new Set(['A-1', 'B-2', 'C-3']));
  });

  it('deletes what is not there without complaint', () => {
    expect(applyTransaction(view, record({ del: [['holds', 'A-1']] }), new Set())).toBeNull();
  });
});

describe('what another version may write', () => {
  it.each<[string, Partial<TransactionRecord>]>([
    ['table strangers', { put: [['strangers', { id: 'w' }]] }],
    ['table strangers', { del: [['strangers', 'w']] }],
    ['table strangers', { pre: [['strangers', 'w', null]] }],
    ['column items.colour', { pre: [['items', 'A-1', { colour: 'red' }]] }],
    ['column items.colour', { put: [['items', { ...itemRow('A-1'), colour: 'red' }]] }],
    ['items.rev = "1"', { put: [['items', { ...itemRow('A-1'), rev: '1' }]] }],
    ['items.title = null', { put: [['items', { ...itemRow('A-1'), title: null }]] }],
    ['holds.code = undefined', { put: [['holds', { item: 'A-1', reason: '', remedy: '', actor: '', at: 1 }]] }],
  ])('does not fit: %s', (expected, transaction) => {
    expect(unfit(view, record(transaction))).toBe(expected);
  });

  it('fits without a column that may be null', () => {
    const older = Object.fromEntries(Object.entries(SAMPLES.holds).filter(([column]) => column !== 'run'));
    expect(unfit(view, record({ put: [['holds', older]] }))).toBeNull();
    put(['holds', older]);
    expect(view.all('SELECT run FROM holds')).toEqual([{ run: null }]);
  });
});
