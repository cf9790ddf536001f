import { watch } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Cell } from '../../../../extension/ledger/rows';
import type { LoadStore, Store } from '../store';
import { advanceBySql, readItem, type SqlConnection } from './advance-sql';

/** What better-sqlite3 and node:sqlite have in common. */
interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: Cell[]): { changes: number | bigint };
    get(...values: Cell[]): unknown;
  };
  close(): unknown;
}

/** How often a reader looks when no event came, in ms. */
const POLL_MS = 100;
/** A database that others are opening is tried again after so many ms, so often. */
const OPEN_AGAIN_MS = 10;
const MOST_OPENS = 1000;

export const loadNodeSqlite: LoadStore = ({ directory }) =>
  Promise.resolve(() => storeOf(new DatabaseSync(pathIn(directory)), directory));

export const loadBetterSqlite: LoadStore = ({ directory }) => {
  const loaded: unknown = createRequire(join(process.cwd(), 'package.json'))('better-sqlite3');
  if (!isDatabaseClass(loaded)) throw new Error('better-sqlite3 is not what it was');
  return Promise.resolve(() => storeOf(new loaded(pathIn(directory)), directory));
};

function isDatabaseClass(value: unknown): value is new (path: string) => SqliteDatabase {
  return typeof value === 'function';
}

const pathIn = (directory: string): string => join(directory, 'items.db');

/** Wraps a database so that each statement is prepared once. */
export function connectionTo(database: SqliteDatabase): SqlConnection {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    exec: (sql) => prepare(sql).run(),
    run: (sql, values) => Number(prepare(sql).run(...values).changes),
    row: (sql, values) => (prepare(sql).get(...values) ?? undefined) as object | undefined,
  };
}

const isBusy = (error: unknown): boolean => /locked|busy/.test(String(error));

/** Its busy timeout is no help where two processes switch to WAL at once: they are told at once. Returns how often. */
async function makeReady(database: SqliteDatabase): Promise<number> {
  for (let refused = 0; ; refused++) {
    try {
      database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      return refused;
    } catch (error) {
      if (!isBusy(error) || refused >= MOST_OPENS) throw error;
    }
    await setTimeout(OPEN_AGAIN_MS);
  }
}

async function storeOf(database: SqliteDatabase, directory: string): Promise<Store> {
  const refusedOpens = await makeReady(database);
  const connection = connectionTo(database);
  readItem(connection, 'BENCH-0'); // until something is read, nothing is open
  return {
    refusedOpens,
    async advance(id, run) {
      try {
        return advanceBySql(connection, id, run, 'BEGIN IMMEDIATE') ? 'done' : 'lost';
      } catch (error) {
        if (isBusy(error)) return 'failed';
        throw error;
      }
    },
    revision: (id) => readItem(connection, id).rev,
    onChange(listener) {
      const watcher = watch(`${pathIn(directory)}-wal`, listener);
      const poll = setInterval(listener, POLL_MS);
      return () => {
        watcher.close();
        clearInterval(poll);
      };
    },
    close: () => Promise.resolve(void database.close()),
  };
}
