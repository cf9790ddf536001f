import type { LoadStore, StoreName } from '../store';
import { loadJournal } from './journal';
import { loadRaw, loadRawAsync } from './raw-append';
import { loadSqlJsFile } from './sql-js-file';
import { loadBetterSqlite, loadNodeSqlite } from './sqlite';

export const LOADERS: Readonly<Record<StoreName, LoadStore>> = {
  raw: loadRaw,
  'raw-async': loadRawAsync,
  journal: loadJournal,
  'sql.js': loadSqlJsFile,
  'better-sqlite3': loadBetterSqlite,
  'node:sqlite': loadNodeSqlite,
};
