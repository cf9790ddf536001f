import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFiles } from '../../../extension/ledger/files';
import { openLedger } from '../../../extension/ledger/open-ledger';
import type { Ledger, Transaction } from '../../../extension/ledger/ledger';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { MIGRATIONS } from '../../../extension/ledger/migrations/migrate';
import { Replica } from '../../../extension/ledger/replica';
import type { ItemRow } from '../../../extension/ledger/rows';
import { addition, itemRow, leaseRow, step } from './sample-rows';

const STAGES = ['development', 'testing', 'merge', 'done'];

/**
 * A ledger with a row in every table, a step that lost its race, a torn line, an archived item, two segments, two snapshots and a tail.
 * @returns the view's newest migration, and every row of every table as a replay of the journal gives it
 */
export async function makeSampleLedger(directory: string, sqlJsFolder: string) {
  const sqlJs = () => loadSqlJs(sqlJsFolder);
  const options = { directory, sqlJs, watch: false, segmentBytes: 5000, histories: 2 };
  const session = async (snapshot: boolean, work: (ledger: Ledger) => Promise<void>) => {
    const ledger = await openLedger({ ...options, snapshots: { groupsAtClose: snapshot ? 1 : 1000 } });
    await work(ledger);
    await ledger.close();
  };
  await session(true, addItems);
  tearLine(directory);
  await session(true, async (ledger) => {
    await loseRace(ledger);
    await settleRun(ledger);
    await startMerge(ledger);
  });
  await session(false, async (ledger) => {
    await hold(ledger);
    await land(ledger);
  });
  const replica = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' });
  const rows = Object.fromEntries(
    replica.view.tables.map(({ name, key }) => [name, replica.view.all(`SELECT * FROM ${name} ORDER BY ${key}`)]),
  );
  replica.close();
  return { migration: MIGRATIONS.at(-1)?.number, rows };
}

async function write(ledger: Ledger, transaction: Transaction): Promise<void> {
  const outcome = await ledger.commit(transaction);
  if (!outcome.ok) throw new Error(`${transaction.event}: ${outcome.table} ${outcome.key}`);
}

async function addItems(ledger: Ledger): Promise<void> {
  for (const id of ['A-1', 'A-2', 'A-3']) await write(ledger, addition(id, { stage: 'development' }));
  let item: ItemRow = itemRow('A-1', { stage: 'development' });
  for (const stage of STAGES.slice(1)) {
    const closing: Partial<ItemRow> = stage === 'done' ? { condition: 'done', turn: 'nobody', next_action: '' } : {};
    await write(ledger, step({ ...item, ...closing }, stage));
    item = { ...item, ...closing, stage, rev: item.rev + 1 };
  }
}

function tearLine(directory: string): void {
  const newest = readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .at(-1);
  appendFileSync(join(directory, newest ?? ''), '\n0123456789abcdef {"v":1,"a":[0,"torn');
}

/** Two steps of one item that are asked for at once go into one line: the second one is void there. */
async function loseRace(ledger: Ledger): Promise<void> {
  const item = itemRow('A-2', { stage: 'development' });
  const outcomes = await Promise.all([ledger.commit(step(item, 'testing')), ledger.commit(step(item, 'merge'))]);
  if (!outcomes[0].ok || outcomes[1].ok) throw new Error('the race was not lost by the second');
}

async function settleRun(ledger: Ledger): Promise<void> {
  const [item, id, at] = ['A-2', 'r-1', 1_700_000_000_100];
  const facts = { id, item, stage: 'testing', kind: 'test', head: 'b'.repeat(40), tree: 'c'.repeat(40) };
  const job = { ...facts, spec: '{}', rules: '{}', created_at: at, settled_at: null };
  await write(ledger, { actor: 'a', event: 'run', pre: [['jobs', id, null]], put: [['jobs', job]] });
  const { kind: _, ...tested } = facts;
  await write(ledger, {
    actor: 'a',
    event: 'run-settled',
    pre: [['jobs', id, { settled_at: null }]],
    put: [
      ['jobs', { ...job, settled_at: at + 1 }],
      [
        'runs',
        {
          ...facts,
          status: 'suite-ran',
          cause: null,
          detail: null,
          exit_code: 1,
          signal: null,
          result: '{"note":"\u00e9\u{1f512}"}',
          started_at: at,
          duration_ms: 900,
          attempt: 1,
        },
      ],
      [
        'verdicts',
        {
          ...tested,
          verdict: 'FAIL',
          reason_code: 'tests-failed',
          reason: '1 of 3 tests failed',
          producer: 'test-runner',
          base: 'd'.repeat(40),
          command: '["npm","test"]',
          config_hash: 'e'.repeat(64),
          tests: 3,
          failed: 1,
          skipped: 0,
          at: at + 1,
        },
      ],
      [
        'artifacts',
        { id: `${id}/13.md`, item, stage: 'testing', run: id, path: 'docs/13.md', sha256: 'f'.repeat(64), at: at + 1 },
      ],
    ],
  });
}

async function startMerge(ledger: Ledger): Promise<void> {
  const [item, id, at] = ['A-3', 'm-1', 1_700_000_000_150];
  const facts = { id, item, stage: 'merge', kind: 'merge', head: 'b'.repeat(40), tree: 'c'.repeat(40) };
  const job = { ...facts, spec: '{}', rules: '{}', created_at: at, settled_at: null };
  await write(ledger, { actor: 'a', event: 'run', pre: [['jobs', id, null]], put: [['jobs', job]] });
}

/** One row in each table of the merge gate. */
async function land(ledger: Ledger): Promise<void> {
  const [item, run, at, base] = ['A-3', 'm-1', 1_700_000_000_300, 'main'];
  await write(ledger, {
    actor: 'a',
    event: 'landed',
    pre: [['anchors', item, null]],
    put: [
      ['anchors', { item, fork: 'a'.repeat(40), head: 'b'.repeat(40), why: 'conflict in a.txt', at }],
      [
        'waivers',
        {
          id: `${item}/x/a.txt`,
          item,
          kind: 'DROPPED',
          path: 'a.txt',
          line_hash: 'x',
          reason: 'meant',
          actor: 'person:ann',
          at,
        },
      ],
      ['reservations', { id: 'adr-*.md#7', series: 'adr-*.md', number: 7, item, actor: 'a', at }],
      ['queues', { base, state: 'frozen', reason: 'alarm', actor: 'a', at }],
      [
        'landings',
        {
          id: `${item}/${run}`,
          item,
          base,
          commit_id: 'd'.repeat(40),
          tree: 'e'.repeat(40),
          tip: 'd'.repeat(40),
          tested: 'alone',
          run,
          at,
        },
      ],
      ['ratchets', { base, covered: 9, total: 10, item, run, at }],
    ],
  });
}

async function hold(ledger: Ledger): Promise<void> {
  const at = 1_700_000_000_200;
  await write(ledger, {
    actor: 'a',
    event: 'hold',
    pre: [['holds', 'A-3', null]],
    put: [
      ['holds', { item: 'A-3', code: 'by-person', reason: 'why', remedy: 'release it', actor: 'a', run: null, at }],
      ['alerts', { id: 'al-1', item: 'A-3', code: 'held', text: 'held', at, acknowledged_at: null }],
      ['switches', { name: 'agents', state: 'off', actor: 'a', reason: 'why', at }],
    ],
  });
  await write(ledger, {
    actor: 'a',
    event: 'lease-taken',
    pre: [['leases', 'A-3', null]],
    put: [['leases', leaseRow('A-3')]],
  });
}
