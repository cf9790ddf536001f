import { randomBytes } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { endProcess } from './end-process';
import { readOptions, type HostOptions } from './options';
import { openPrivateFolder } from './private-folder';
import { openProcessTable, ownIdentity } from './processes/own-identity';
import type { HostStatus } from './protocol/methods';
import { PROTOCOL_VERSION } from './protocol/version';
import { RunRegistry } from './registry/run-registry';
import { elect, removeDeadGenerations } from './server/elect';
import { Generations } from './server/generations';
import { HostLife } from './server/host-life';
import { HostServer, socketPath } from './server/host-server';
import type { Handlers } from './server/methods';
import { openRemoteHost } from './ssh/connect/remote-host';
import supervisorText from './ssh/remote-supervisor.sh';
import { mergeHandlers } from './merge/merge-handlers';
import { STAGING_LIMITS } from './staging/limits';
import { stagingHandlers } from './staging/staging-handlers';
import { StagingHosts } from './staging/staging-hosts';
import { openNativePart } from './shim/native-part';
import { RunSupervisor } from './shim/run-supervisor';

/** Ends itself by SIGKILL when its work is done. Exit codes: 0 another host serves; 2 usage; 3 cannot serve here. The reason is on stderr. */
async function main(): Promise<void> {
  const log = (line: string): void =>
    void process.stderr.write(`${new Date().toISOString()} [${process.pid}] ${line}\n`);
  let options: HostOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    log((error as Error).message);
    process.exit(2);
  }
  try {
    await serve(options, log);
  } catch (error) {
    log(`cannot serve: ${(error as Error).message}`);
    process.exit(3);
  }
}

async function serve(options: HostOptions, log: (line: string) => void): Promise<void> {
  const table = openProcessTable();
  const identity = ownIdentity(table);
  const privateFolder = openPrivateFolder();
  const socket = socketPath(privateFolder, options.stateDir);
  const token = randomBytes(32).toString('hex');
  const startedAt = Date.now();
  const record = { version: PROTOCOL_VERSION, identity, socket, token, startedAt };
  const generations = new Generations(options.stateDir);
  const server = new HostServer();
  // Listening comes first: whoever reads the record can connect at once.
  await server.listen(socket);
  const election = elect(generations, record, table);
  if (!election.elected) {
    removeSocket(socket);
    const known =
      election.owner === 'alive' ? 'serves already' : 'may serve on another machine or in another container';
    log(`host ${election.number} ${known}`);
    process.exit(election.owner === 'alive' ? 0 : 3);
  }
  const { number } = election;
  log(`host ${number} serves, version ${PROTOCOL_VERSION}, at most ${options.limit} run(s) at once`);
  removeDeadGenerations(generations, number, table, identity);

  const bundles = dirname(process.argv[1] ?? '');
  const supervisor = new RunSupervisor(
    {
      execPath: process.execPath,
      entry: join(bundles, 'shim.js'),
      native: openNativePart(bundles, privateFolder, log),
      allowed: options.containment,
      folder: privateFolder,
      env: process.env,
      log,
    },
    table,
  );
  const trustStore = join(options.stateDir, 'staging', 'known_hosts');
  const staging = {
    hosts: new StagingHosts({ open: openRemoteHost, trustStore, env: process.env }),
    script: supervisorText,
    limits: STAGING_LIMITS,
  };
  const registry = new RunRegistry({
    runs: join(options.stateDir, 'runs'),
    me: identity,
    table,
    env: process.env,
    supervisor,
    staging,
    log,
    limit: options.limit,
    outputCap: options.outputCap,
    keep: options.keep,
    privateFolder,
    onStep: (event) => server.tell('run/step', event),
    onFinished: (event) => {
      server.tell('run/finished', event);
      life.changed();
    },
  });
  const life = new HostLife({
    idleMs: options.idleMs,
    isNeeded: () => server.connections > 0 || registry.isBusy,
    isLost: () => generations.isLost(number, token),
    drain: (cancel) => {
      const drained = registry.drain(cancel);
      try {
        generations.markStopped(number);
      } catch (error) {
        log(`not marked as stopped: ${(error as Error).message}`);
      }
      return drained;
    },
    close: async () => {
      registry.dispose();
      await supervisor.dispose();
      await server.close();
    },
    exit: (code) => (code === 0 ? endProcess() : process.exit(code)),
    log,
  });
  const status = async (): Promise<HostStatus> => ({
    version: PROTOCOL_VERSION,
    identity,
    startedAt,
    draining: registry.isDraining,
    clients: server.clients,
    memoryBytes: process.memoryUsage.rss(),
    containment: await supervisor.describe(),
    runs: await registry.list(),
  });
  const handlers: Handlers = {
    'run/start': ({ spec }) => registry.start(spec),
    'run/cancel': ({ run, reason }) => registry.cancel(run, reason),
    'run/list': async () => ({ runs: await registry.list() }),
    'run/acknowledge': async ({ run }) => {
      await registry.acknowledge(run);
      return {};
    },
    ...stagingHandlers(staging),
    ...mergeHandlers({ stateDir: options.stateDir, me: identity, table, env: process.env }),
    'host/status': status,
    'host/drain': async ({ cancel }) => {
      const ended = life.end('drained by a client', cancel ? 'the runner host was stopped' : null);
      if (cancel) await ended;
      return {};
    },
  };
  server.serve({ token, identity, handlers, open: (run) => registry.open(run), log }, () => life.changed());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void life.end(`told by ${signal}`, `the runner host was told to stop (${signal})`));
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
      void life.end('an internal error', 'the runner host ended with an internal error (see host.log)');
    });
  }
  supervisor.prepare();
  await registry.recover();
}

function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Named pipes have no file.
  }
}

void main();
