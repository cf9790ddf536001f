import type { SqlJsStatic, Statement } from 'sql.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import type { TableShape } from '../../../extension/ledger/table-shapes';
import { View } from '../../../extension/ledger/view';
import { makeFolder, open, sqlJs } from './sample';
import { addition, itemRow } from './sample-rows';

async function openView(sql?: SqlJsStatic): Promise<{ view: View; items: TableShape }> {
  const view = View.open(sql ?? (await sqlJs()));
  onTestFinished(() => view.close());
  const items = view.shape('items');
  if (!items) throw new Error('no items');
  return { view, items };
}

/** sql.js of which every COMMIT fails while `failing` is set. */
async function failingSql(): Promise<{ sql: SqlJsStatic; failing: { now: boolean } }> {
  const real = await sqlJs();
  const failing = { now: false };
  class Database extends real.Database {
    override prepare(sql: string): Statement {
      const statement = super.prepare(sql);
      const run = statement.run.bind(statement);
      if (sql === 'COMMIT') {
        statement.run = () => {
          if (failing.now) throw new Error('out of memory');
          run();
        };
      }
      return statement;
    }
  }
  return { sql: { ...real, Database }, failing };
}

const ids = (view: View) => view.all('SELECT id FROM items ORDER BY id').map(({ id }) => id);

describe('rows that wait to be written', () => {
  it('are met by each way to ask, and the last one counts', async () => {
    const { view, items } = await openView();
    view.put(items, { ...itemRow('A-1'), rev: 1 });
    view.put(items, { ...itemRow('A-1'), rev: 2 });
    view.put(items, { ...itemRow('A-2') });
    view.delete(items, 'A-2');
    const waiting = [view.row(items, 'A-1'), view.cells(items, 'A-1', ['id', 'rev']), view.row(items, 'A-2')];
    expect(waiting).toEqual([{ ...itemRow('A-1'), rev: 2 }, ['A-1', 2], null]);
    expect(view.all('SELECT * FROM items')).toEqual([{ ...itemRow('A-1'), rev: 2 }]);
    const written = [view.row(items, 'A-1'), view.cells(items, 'A-1', ['id', 'rev']), view.row(items, 'A-2')];
    expect(written).toEqual(waiting);
  });

  it('are in the image', async () => {
    const { view, items } = await openView();
    view.put(items, { ...itemRow('A-1') });
    const image = view.image();
    const copy = View.open(await sqlJs(), image);
    onTestFinished(() => copy.close());
    expect(ids(copy)).toEqual(['A-1']);
  });

  it('change a row that was asked for before, also to none and back', async () => {
    const { view, items } = await openView();
    expect(view.row(items, 'A-1')).toBeNull();
    for (const rev of [1, 2]) {
      view.put(items, { ...itemRow('A-1'), rev });
      expect(ids(view)).toEqual(['A-1']);
      expect(view.row(items, 'A-1')).toMatchObject({ rev });
      view.delete(items, 'A-1');
      expect(view.row(items, 'A-1')).toBeNull();
      expect(ids(view)).toEqual([]);
    }
  });

  it('are copies to whoever asks', async () => {
    const { view, items } = await openView();
    view.put(items, { ...itemRow('A-1') });
    Object.assign(view.row(items, 'A-1') ?? {}, { title: 'changed' });
    expect(view.row(items, 'A-1')).toEqual(itemRow('A-1'));
    expect(ids(view)).toEqual(['A-1']);
    Object.assign(view.row(items, 'A-1') ?? {}, { title: 'changed' });
    expect(view.row(items, 'A-1')).toEqual(itemRow('A-1'));
  });

  it.each([
    ['many rows', 5000, 1],
    ['much text', 40, 100_000],
  ])('do not grow without end: %s', async (_name, rows, characters) => {
    const { sql, failing } = await failingSql();
    const { view, items } = await openView(sql);
    failing.now = true; // shows that something is written
    for (let n = 0; n < rows && !view.failure; n++) {
      view.put(items, { ...itemRow(`A-${n}`), title: 'x'.repeat(characters) });
      view.settle();
    }
    expect(view.failure).toMatchObject({ code: 'io' });
  });
});

describe('when sql.js fails', () => {
  it('the view is that of an earlier place as a whole, and gives no image', async () => {
    const { sql, failing } = await failingSql();
    const { view, items } = await openView(sql);
    view.put(items, { ...itemRow('A-1') });
    expect(ids(view)).toEqual(['A-1']);
    failing.now = true;
    view.put(items, { ...itemRow('A-1'), rev: 2 });
    view.put(items, { ...itemRow('A-2') });
    expect(ids(view)).toEqual(['A-1']);
    expect([view.row(items, 'A-1'), view.row(items, 'A-2')]).toEqual([itemRow('A-1'), null]);
    expect(() => view.image()).toThrow('The view of the ledger failed');
  });

  it('the ledger is read-only and says so; what was answered is in the journal', async () => {
    const { sql, failing } = await failingSql();
    const directory = makeFolder();
    const ledger: Ledger = await open(directory, { sqlJs: () => Promise.resolve(sql) });
    failing.now = true;
    expect(await ledger.commit(addition('A-1'))).toMatchObject({ ok: true });
    expect(ledger.read.items()).toEqual([]);
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'io' });
    const told: string[] = [];
    ledger.onChange(({ health }) => told.push(health.mode));
    await ledger.refresh();
    await ledger.refresh();
    expect(told).toEqual(['read-only']);
    await expect(ledger.commit(addition('A-2'))).rejects.toThrow('The view of the ledger failed');
    expect((await open(directory)).read.item('A-1')).toBeDefined();
  });
});
