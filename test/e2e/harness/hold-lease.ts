// Takes an item's lease as a process of its own, says so, and waits to be killed: hold-lease.ts LEDGER ITEM
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { processIdentity } from '../../../extension/ledger/identity';
import { takeLease } from '../../../extension/ledger/lease';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { openLedger } from '../../../extension/ledger/open-ledger';

const LIFETIME_MS = 5 * 60_000;

const [directory = '', item = ''] = process.argv.slice(2);
const sqlJsFolder = dirname(createRequire(import.meta.url).resolve('sql.js'));
const ledger = await openLedger({ directory, sqlJs: () => loadSqlJs(sqlJsFolder), watch: false });
const taken = await takeLease(ledger, item, await processIdentity(), 'cli:bob');
console.log(taken.ok ? 'taken' : 'refused');
setTimeout(() => process.exit(1), LIFETIME_MS);
