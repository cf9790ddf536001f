/** A process that opens a ledger, commits what it is told to, and says how that went. Its last argument is a `VersionTask` as JSON. */
import type { LedgerHealth, Transaction, VerifyFinding } from '../../../extension/ledger/ledger';
import { LedgerError } from '../../../extension/ledger/errors';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { openLedger, type OpenLedgerOptions } from '../../../extension/ledger/open-ledger';
import type { ItemRow } from '../../../extension/ledger/rows';

export interface VersionTask {
  directory: string;
  sqlJs: string;
  transactions: Transaction[];
  verify: boolean;
  options?: Pick<OpenLedgerOptions, 'snapshots' | 'histories'>;
}

export interface VersionResult {
  opened: LedgerHealth;
  /** `ok`, `lost`, or the error's code, one for each transaction. */
  outcomes: string[];
  items: ItemRow[];
  findings: VerifyFinding[];
}

async function main(): Promise<void> {
  const { directory, sqlJs, transactions, options, verify } = JSON.parse(process.argv.at(-1) ?? '') as VersionTask;
  const ledger = await openLedger({ directory, sqlJs: () => loadSqlJs(sqlJs), watch: false, ...options });
  const opened = ledger.health;
  const outcomes: string[] = [];
  for (const transaction of transactions) {
    outcomes.push(
      await ledger.commit(transaction).then(
        ({ ok }) => (ok ? 'ok' : 'lost'),
        (error: unknown) => (LedgerError.is(error) ? error.code : String(error)),
      ),
    );
  }
  const findings = verify ? await ledger.verify() : [];
  const result: VersionResult = { opened, outcomes, items: ledger.read.items(), findings };
  await ledger.close();
  process.stdout.write(JSON.stringify(result));
}

void main();
