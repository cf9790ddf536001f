import initSqlJs from 'sql.js';
import type { Engine } from '../../../extension/engine';
import { openEngine } from '../../../extension/open-engine';
import { bundleHost } from '../host/bundle-host';

/** The deciding side of a repository, as the terminal opens it, in this process. */
export async function openTestEngine(cwd: string): Promise<Engine> {
  return openEngine({
    cwd,
    hostEntry: await bundleHost(),
    execPath: process.execPath,
    sqlJs: () => initSqlJs(),
    clientName: 'test',
    concurrency: null,
    log: () => undefined,
  });
}
