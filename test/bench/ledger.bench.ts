import { benchLedger } from './ledger/main';

if (!(await benchLedger(process.argv.slice(2)))) process.exitCode = 1;
