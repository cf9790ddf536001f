import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { openLedger, type OpenLedgerOptions } from '../../../extension/ledger/open-ledger';

export const sqlJsFolder = dirname(createRequire(import.meta.url).resolve('sql.js'));
export const sqlJs = () => loadSqlJs(sqlJsFolder);

/** A folder that is gone after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Opens a ledger that closes when the test ends; `directory` defaults to a new one. */
export async function open(directory: string, options: Partial<OpenLedgerOptions> = {}): Promise<Ledger> {
  const ledger = await openLedger({ directory, sqlJs, watch: false, ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}
