import type { StoreName } from './store';

/** How each store is called in tables and charts. */
export const LABELS: Readonly<Record<StoreName, string>> = {
  raw: 'append + fdatasync',
  'raw-async': 'append + fdatasync, async',
  journal: 'journal',
  'sql.js': 'sql.js, whole file',
  'better-sqlite3': 'better-sqlite3',
  'node:sqlite': 'node:sqlite',
};
