import type { Database } from 'sql.js';
import { firstTables } from './0001-first-tables';
import { archives } from './0002-archives';
import { merge } from './0003-merge';

export interface Migration {
  number: number;
  sql: string;
}

/** Numbered from 1 without gaps; one that was released is never changed. They change the view only: the journal stays as it is. */
export const MIGRATIONS: readonly Migration[] = [firstTables, archives, merge];

/** Brings a view to the newest tables; its number is kept in `user_version`. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const at = Number(db.exec('PRAGMA user_version')[0]?.values[0]?.[0] ?? 0);
  for (const { number, sql } of migrations) {
    if (number > at) db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${number}; COMMIT`);
  }
}
