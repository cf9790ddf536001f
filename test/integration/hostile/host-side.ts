// A runner host of one run, to be killed: node host-side.ts ENTRY NATIVE CONTAINMENT,... COMMAND... Prints the shim's pid.
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import { CONTAINMENTS } from '../../../runner-host/shim/messages';
import { startShim } from '../../../runner-host/shim/start-shim';
import { superviseByShim } from '../../../runner-host/shim/supervise-by-shim';
import { buildEnvironment } from '../../../runner-host/supervisor/environment';

const [entry = '', native = '', allowed = '', program = '', ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'ilk-host-'));
const cookie = randomBytes(16).toString('hex');
const log = (line: string): void => console.error(line);
await superviseByShim(
  {
    command: [program, ...args],
    cwd: folder,
    env: buildEnvironment({ from: process.env, passEnv: [], env: {}, tmp: folder, cookie }),
    cookie,
    timeoutMs: 60_000,
    graceMs: 400,
  },
  {
    table: openProcessTable(),
    log,
    stop: new AbortController().signal,
    onReady: () => undefined,
    onStarted: () => undefined,
    onEnding: () => undefined,
    output: { write: () => undefined, total: 0, dropped: 0 },
    async takeShim() {
      const shim = await startShim({
        execPath: process.execPath,
        entry,
        native,
        allowed: CONTAINMENTS.filter((name) => allowed.split(',').includes(name)),
        folder,
        env: process.env,
        log,
      });
      console.log(shim.pid);
      return shim;
    },
  },
);
