import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveHistories } from '../../../extension/ledger/archive';
import { nodeFiles } from '../../../extension/ledger/files';
import type { CommitOutcome, Ledger, Transaction } from '../../../extension/ledger/ledger';
import type { OpenLedgerOptions } from '../../../extension/ledger/open-ledger';
import { Replica } from '../../../extension/ledger/replica';
import type { ItemRow } from '../../../extension/ledger/rows';
import { makeFolder, open, sqlJs } from './sample';
import { addition, itemRow, leaseRow, step } from './sample-rows';
import { atEveryClose } from './sample-snapshots';

/** The step that closes an item, `since` ordering those that are closed. */
function closing(item: ItemRow, since = 1_700_000_000_001): Transaction {
  return step({ ...item, condition: 'done', turn: 'nobody', next_action: '', since }, 'done');
}

/** Adds the items and closes them, in order. */
async function closeAll(ledger: Ledger, ids: readonly string[]): Promise<void> {
  for (const [n, id] of ids.entries()) {
    await ledger.commit(addition(id));
    expect(await ledger.commit(closing(itemRow(id), 1_700_000_000_000 + n))).toMatchObject({ ok: true });
  }
}

const small = (histories: number) => ({ histories, snapshots: atEveryClose }) satisfies Partial<OpenLedgerOptions>;

/** Item ids of which the view holds steps. */
const inView = (ledger: Ledger) => [...new Set(ledger.read.transitions().map(({ item }) => item))].sort();

async function withReplica<T>(directory: string, ask: (replica: Replica) => T | Promise<T>): Promise<T> {
  const replica = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' });
  try {
    return await ask(replica);
  } finally {
    replica.close();
  }
}

describe('the history of closed items', () => {
  it('leaves the view beyond the limit, the longest closed first; the items stay', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(2));
    await closeAll(ledger, ['A-1', 'A-2', 'A-3']);
    await ledger.commit(addition('A-4'));
    await ledger.close();
    const next = await open(directory, small(2));
    expect(inView(next)).toEqual(['A-3', 'A-4']);
    expect(next.read.items().map(({ id, rev }) => `${id} ${rev}`)).toEqual(['A-1 2', 'A-2 2', 'A-3 2', 'A-4 1']);
    expect(await next.verify()).toEqual([]);
  });

  it('is told whole from the journal, of one item and of all', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(1));
    await closeAll(ledger, ['A-1', 'A-2']);
    const before = ledger.read.transitions();
    expect(await ledger.history()).toEqual(before);
    await ledger.close();
    const next = await open(directory, small(1));
    expect(next.read.transitions('A-1')).toEqual([]);
    expect(await next.history('A-1')).toEqual(before.filter(({ item }) => item === 'A-1'));
    expect(await next.history('A-2')).toEqual(next.read.transitions('A-2'));
    expect(await next.history()).toEqual(before);
  });

  it('is told from the journal without the steps that lost their race', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(0));
    await ledger.commit(addition('A-1'));
    // Asked for at once, both are in one line; the second one is void there.
    const outcomes = await Promise.all([
      ledger.commit(closing(itemRow('A-1'))),
      ledger.commit(closing(itemRow('A-1', { reason: 'void' }))),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
    await ledger.close();
    const next = await open(directory);
    expect(inView(next)).toEqual([]);
    expect((await next.history('A-1')).map(({ reason }) => reason)).toEqual(['added', 'added']);
    expect(await next.history()).toHaveLength(2);
  });

  it('stays below the limit, and however many items are open', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(3));
    await closeAll(ledger, ['A-1', 'A-2', 'A-3']);
    await ledger.close();
    expect(inView(await open(directory))).toEqual(['A-1', 'A-2', 'A-3']);
    const other = makeFolder();
    const busy = await open(other, small(1));
    for (const id of ['B-1', 'B-2', 'B-3']) await busy.commit(addition(id));
    await busy.close();
    expect(inView(await open(other))).toEqual(['B-1', 'B-2', 'B-3']);
  });

  it('stays while the item has a lease or a run without a result', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(0));
    await closeAll(ledger, ['A-1', 'A-2', 'A-3']);
    const job = {
      id: 'r1',
      item: 'A-2',
      stage: 's',
      kind: 'test',
      head: 'h',
      tree: 't',
      spec: '',
      rules: '',
      created_at: 1,
    };
    await ledger.commit({
      actor: 'a',
      event: 'e',
      pre: [
        ['leases', 'A-1', null],
        ['jobs', 'r1', null],
      ],
      put: [
        ['leases', leaseRow('A-1')],
        ['jobs', { ...job, settled_at: null }],
      ],
    });
    await ledger.close();
    const next = await open(directory);
    expect(inView(next)).toEqual(['A-1', 'A-2']);
    expect(next.read.openJobs('A-2')).toHaveLength(1);
  });

  it('takes its runs, verdicts, artifacts, settled jobs and acknowledged alerts along, and nothing of others', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, small(1));
    const facts = { item: 'A-1', stage: 's', head: 'h', tree: 't' };
    const run = { ...facts, kind: 'test', status: 'suite-ran', cause: null, detail: null, exit_code: 0, signal: null };
    const evidence = (item: string, id: string): NonNullable<Transaction['put']> => [
      ['jobs', { ...facts, id, item, kind: 'test', spec: '', rules: '', created_at: 1, settled_at: 2 }],
      ['runs', { ...run, id, item, result: '', started_at: 1, duration_ms: 1, attempt: 1 }],
      [
        'verdicts',
        {
          ...facts,
          ...{
            id,
            item,
            verdict: 'PASS',
            reason_code: '',
            reason: '',
            producer: '',
            base: '',
            command: '',
            config_hash: '',
          },
          ...{ tests: 1, failed: 0, skipped: 0, at: 1 },
        },
      ],
      ['artifacts', { id: `${id}/a.md`, item, stage: 's', run: id, path: 'a.md', sha256: '', at: 1 }],
      ['alerts', { id: `old-${id}`, item, code: 'c', text: 't', at: 1, acknowledged_at: 2 }],
      ['alerts', { id: `new-${id}`, item, code: 'c', text: 't', at: 1, acknowledged_at: null }],
    ];
    await closeAll(ledger, ['A-1', 'A-2']);
    for (const id of ['A-1', 'A-2']) {
      await ledger.commit({ actor: 'a', event: 'e', pre: [['runs', `r-${id}`, null]], put: evidence(id, `r-${id}`) });
    }
    await ledger.close();
    const next = await open(directory);
    expect(next.read.alerts().map(({ id }) => id)).toEqual(['new-r-A-1', 'new-r-A-2']);
    expect(await next.verify()).toEqual([]);
    const kept = await withReplica(directory, ({ view }) =>
      ['transitions', 'jobs', 'runs', 'verdicts', 'artifacts', 'alerts'].map((table) =>
        view
          .all(`SELECT item, count(*) AS n FROM ${table} GROUP BY item ORDER BY item`)
          .map(({ item, n }) => `${item} ${n}`),
      ),
    );
    expect(kept).toEqual([['A-2 2'], ['A-2 1'], ['A-2 1'], ['A-2 1'], ['A-2 1'], ['A-1 1', 'A-2 2']]);
  });

  it('leaves once, whoever is at it at the same time', async () => {
    const directory = makeFolder();
    const windows = [await open(directory, small(1)), await open(directory, small(1))];
    for (const [n, ledger] of windows.entries()) await closeAll(ledger, [`A-${n}1`, `A-${n}2`, `A-${n}3`]);
    await Promise.all(windows.map((ledger) => ledger.close()));
    const next = await open(directory);
    expect(inView(next)).toHaveLength(1);
    expect(await next.verify()).toEqual([]);
  });

  it.each([
    { what: 'was opened again', table: 'items', leaves: false },
    { what: 'another process archived', table: 'archives', leaves: true },
  ])('is left alone by who did not know that the item $what', async ({ table, leaves }) => {
    const directory = makeFolder();
    const ledger = await open(directory);
    await closeAll(ledger, ['A-1']);
    const closed = { ...itemRow('A-1'), stage: 'done', rev: 2 };
    await withReplica(directory, async ({ view }) => {
      const options = { view: () => view, now: () => 1, kept: 0 };
      const outcomes: CommitOutcome[] = [];
      await archiveHistories({
        ...options,
        commit: async (transaction) => {
          if (table === 'items') await ledger.commit(step(closed, 'testing'));
          else await archiveHistories({ ...options, commit: (same) => ledger.commit(same) });
          const outcome = await ledger.commit(transaction);
          outcomes.push(outcome);
          return outcome;
        },
      });
      expect(outcomes).toMatchObject([{ ok: false, table }]);
    });
    expect(ledger.read.transitions('A-1')).toHaveLength(leaves ? 0 : 3);
    expect(await ledger.verify()).toEqual([]);
  });

  it('leaves in an idle moment too, before the snapshot is made', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, { histories: 1, snapshots: { groups: 6, groupsAtClose: 1e9, idleMs: 1 } });
    await closeAll(ledger, ['A-1', 'A-2', 'A-3']);
    await expect.poll(() => inView(ledger), { timeout: 10_000 }).toEqual(['A-3']);
    await expect.poll(() => readdirSync(directory), { timeout: 10_000 }).toContain('snap-7.json');
  });
});

describe('verify', () => {
  const archived = (item: string, rev: number): Transaction => ({
    actor: 'a',
    event: 'archive',
    pre: [['archives', item, null]],
    put: [['archives', { item, rev, at: 1 }]],
    del: [['transitions', `${item}#1`]],
  });

  it.each<[string, string, Transaction[]]>([
    ['history-count', 'items A-1', [addition('A-1'), archived('A-1', 2)]],
    ['history-order', 'transitions A-1#1', [addition('A-1'), { ...archived('A-1', 1), del: [] }]],
    ['history-count', 'archives A-1', [{ ...addition('A-1'), put: [['items', itemRow('A-1')]] }, archived('A-1', 1)]],
    ['orphan', 'archives of A-9', [archived('A-9', 1)]],
  ])('finds %s at %s where an archive is not what the journal holds', async (code, where, transactions) => {
    const ledger = await open(makeFolder());
    for (const transaction of transactions) expect(await ledger.commit(transaction)).toMatchObject({ ok: true });
    expect(await ledger.verify()).toContainEqual(expect.objectContaining({ code, where }));
  });
});

const ITEMS = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5'];
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('step' as const), window: fc.nat(1), item: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('close' as const), window: fc.nat(1), item: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('reopen' as const), window: fc.nat(1), item: fc.nat(4) }) },
);

it('whatever is done in two windows: all see the same, no step is lost, and the view stays small', async () => {
  let archives = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), fc.nat(3), async (actions, histories) => {
      const directory = makeFolder();
      const options = { ...small(histories), segmentBytes: 4000 };
      const windows = [await open(directory, options), await open(directory, options)];
      const present = new Map<string, ItemRow>();
      for (const { does, window, item } of actions) {
        const [ledger, id] = [windows[window], ITEMS[item]];
        if (!ledger || id === undefined) throw new Error('no such window');
        const known = present.get(id);
        if (does === 'reopen') {
          await ledger.close();
          windows[window] = await open(directory, options);
        } else if (!known) {
          present.set(id, itemRow(id));
          expect(await ledger.commit(addition(id))).toMatchObject({ ok: true });
        } else if (known.condition !== 'done') {
          const transaction = does === 'close' ? closing(known, known.since + present.size) : step(known, 'merge');
          expect(await ledger.commit(transaction)).toMatchObject({ ok: true });
          const row = transaction.put?.find(([table]) => table === 'items')?.[1] as ItemRow;
          present.set(id, row);
        }
      }
      await Promise.all(windows.map((ledger) => ledger.close()));
      // The last one to close may have seen nothing to do; one that writes has the last word.
      const last = await open(directory, options);
      await last.commit(addition('LAST'));
      await last.close();

      const ledger = await open(directory);
      expect(await ledger.verify()).toEqual([]);
      for (const [id, row] of present) {
        expect(ledger.read.item(id)).toEqual(row);
        const revisions = (await ledger.history(id)).map(({ rev }) => rev);
        expect(revisions).toEqual(Array.from({ length: row.rev }, (_, n) => n + 1));
      }
      const unfinished = [...present.values()].filter(({ condition }) => condition !== 'done').length + 1;
      expect(inView(ledger).length).toBeLessThanOrEqual(Math.max(unfinished, histories));
      archives += present.size + 1 - inView(ledger).length;
      await ledger.close();
    }),
    { numRuns: 40 },
  );
  expect(archives).toBeGreaterThan(0);
}, 120_000);
