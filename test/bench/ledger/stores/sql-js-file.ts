import { readFileSync, statSync, watch } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { loadSqlJs } from '../../../../extension/ledger/load-sql-js';
import type { Cell } from '../../../../extension/ledger/rows';
import type { LoadStore, Store } from '../store';
import { advanceBySql, readItem, type SqlConnection } from './advance-sql';

/**
 * What most extensions on sql.js do: the database in memory, and after each transaction the whole of it into a temporary file,
 * flushed and renamed. The file is read again if another process has replaced it; nothing keeps two processes apart.
 */
export const loadSqlJsFile: LoadStore = async ({ directory, sqlJs: folder }) => {
  const sqlJs = await loadSqlJs(folder);
  return () => Promise.resolve(openFile(sqlJs, directory));
};

function openFile(sqlJs: SqlJsStatic, directory: string): Store {
  const path = join(directory, 'items.db');
  const draft = join(directory, `items.db.${process.pid}`);
  const stampOf = (): string => {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  };
  let stamp = '';
  let view: { database: Database; connection: SqlConnection } | undefined;
  const current = (): SqlConnection => {
    const now = stampOf();
    if (view && now === stamp) return view.connection;
    view?.database.close();
    const database = new sqlJs.Database(readFileSync(path));
    view = { database, connection: connectionTo(database) };
    stamp = now;
    return view.connection;
  };
  readItem(current(), 'BENCH-0');

  return {
    async advance(id, run) {
      if (!advanceBySql(current(), id, run, 'BEGIN')) return 'lost';
      if (view) await replaceFile(view.database.export(), draft, path);
      stamp = stampOf();
      return 'done';
    },
    revision: (id) => readItem(current(), id).rev,
    onChange(listener) {
      const watcher = watch(directory, (_, name) => {
        if (name === 'items.db') listener();
      });
      return () => watcher.close();
    },
    close: () => Promise.resolve(view?.database.close()),
  };
}

async function replaceFile(bytes: Uint8Array, draft: string, path: string): Promise<void> {
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(join(path, '..'), 'r');
  await folder.sync().finally(() => folder.close());
}

function connectionTo(database: Database): SqlConnection {
  const statements = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    exec: (sql) => prepare(sql).run(),
    run(sql, values) {
      prepare(sql).run([...values]);
      return database.getRowsModified();
    },
    row(sql, values: readonly Cell[]) {
      const statement = prepare(sql);
      const row = statement.get([...values]).length > 0 ? statement.getAsObject() : undefined;
      statement.reset();
      return row;
    },
  };
}
