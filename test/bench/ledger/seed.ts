import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { MIGRATIONS } from '../../../extension/ledger/migrations/migrate';
import { openLedger } from '../../../extension/ledger/open-ledger';
import { itemId, seedRows } from './rows';
import type { SpecOf } from './spec';
import { insert } from './stores/advance-sql';
import { connectionTo } from './stores/sqlite';

/** Groups that a journal is seeded in: enough for a snapshot when it is closed, were the items few or many. */
const GROUPS = 600;

/** Makes a folder with the given items and their history. Returns the bytes of its files. */
export async function seedStore(spec: SpecOf<'seed'>): Promise<number> {
  const { directory, store } = spec;
  mkdirSync(directory, { recursive: true });
  if (store === 'journal') await seedJournal(spec);
  else if (store === 'raw' || store === 'raw-async') writeFileSync(join(directory, 'raw.log'), '');
  else seedDatabase(spec);
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

async function seedJournal({ directory, sqlJs, items }: SpecOf<'seed'>): Promise<void> {
  const ledger = await openLedger({ directory, sqlJs: () => loadSqlJs(sqlJs), watch: false });
  const size = Math.ceil(items / GROUPS);
  for (let from = 0; from < items; from += size) {
    const group = Array.from({ length: Math.min(size, items - from) }, (_, index) => {
      const { item, transitions } = seedRows(from + index);
      return ledger.commit({
        actor: 'person:bench',
        event: 'add',
        pre: [['items', itemId(from + index), null]],
        put: [['items', item], ...transitions.map((row) => ['transitions', row] as const)],
      });
    });
    const lost = (await Promise.all(group)).filter(({ ok }) => !ok).length;
    if (lost > 0) throw new Error(`${lost} items were not taken`);
  }
  await ledger.close();
}

/** One SQLite file, not in WAL mode yet: sql.js reads it as it is, the others switch it when they open it. */
function seedDatabase({ directory, items }: SpecOf<'seed'>): void {
  const database = new DatabaseSync(join(directory, 'items.db'));
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  for (const { sql } of MIGRATIONS) database.exec(sql);
  const connection = connectionTo(database);
  database.exec('BEGIN');
  for (let index = 0; index < items; index++) {
    const { item, transitions } = seedRows(index);
    insert(connection, 'items', item);
    for (const row of transitions) insert(connection, 'transitions', row);
  }
  database.exec('COMMIT');
  database.close();
}
