import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { cliError } from './cli-error';
import { concurrencyOf } from './concurrency';
import { leave } from './leave';
import { outputStream } from './output-stream';
import { wantsJson } from './parse-arguments';
import { outside } from './real-world';
import { runCli, tellCrash } from './run-cli';
import { texts } from './texts';
import type { World } from './world';
import { loadSqlJs } from '../ledger/load-sql-js';
import { openEngine } from '../open-engine';

/** Everything that is shipped lies beside this bundle. */
const dist = __dirname;
const argv = process.argv.slice(2);
const stdout = outputStream(process.stdout);

const world: World = {
  ...outside,
  cwd: process.cwd(),
  env: process.env,
  stdout,
  stderr: outputStream(process.stderr),
  get version() {
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8')))
      .version;
  },
  openEngine: async (cwd, log) =>
    openEngine({
      cwd,
      hostEntry: join(dist, 'runner-host.js'),
      execPath: process.execPath,
      sqlJs: () => loadSqlJs(dist),
      clientName: 'cli',
      concurrency: concurrencyOf(process.env),
      log,
    }),
};

const verbose = argv.includes('--verbose');

/** Ends the process even if something still holds the event loop, but never before the answer is handed over. */
async function end(exit: number): Promise<never> {
  const failure = await stdout.flushed();
  if (failure === null) leave(exit);
  leave(tellCrash(cliError('output-failed', texts.outputFailed(failure)), world, { json: false, verbose }));
}

const crash = (error: unknown): void => {
  void end(tellCrash(error, world, { json: wantsJson(argv) && !stdout.used, verbose }));
};
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
void runCli(argv, world).then(end);
