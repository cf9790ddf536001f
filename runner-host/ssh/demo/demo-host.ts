import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connection } from 'ssh2';
import { loadSsh2 } from '../connect/load-ssh2';
import { NO_FAULTS, type DemoFaults } from './faults';
import { makeGatekeeper, type Gatekeeper } from './gatekeeper';
import { serveSession } from './serve-session';

/** Shown wherever the demo host is: what runs there runs as the local user, with all that this user may do. */
export const DEMO_LABEL = 'demo, no isolation';

/** An ssh server in this process, on 127.0.0.1, with keys that nobody has seen before and nobody keeps. */
export interface DemoHost {
  port: number;
  user: string;
  /** The public key that it presents. */
  hostKey: Buffer;
  /** The private key that logs in. */
  clientKey: string;
  /** What it was asked for so far. */
  counts: { connections: number; logins: number; commands: number };
  /** Faults from now on. */
  set(faults: Partial<DemoFaults>): void;
  /** Resets every connection. */
  drop(): void;
  close(): Promise<void>;
}

export interface DemoOptions {
  faults?: Partial<DemoFaults>;
  /** Of which the commands get PATH, HOME and what names place and language; nothing else. */
  env: NodeJS.ProcessEnv;
}

/** Rejects where there is no POSIX shell for commands, or no port on the loopback. */
export async function startDemoHost({ faults = {}, env }: DemoOptions): Promise<DemoHost> {
  if (process.platform === 'win32') throw new Error('the demo host needs a POSIX shell');
  const ssh2 = await loadSsh2();
  const gatekeeper = makeGatekeeper(ssh2);
  const state = { faults: { ...NO_FAULTS, ...faults } };
  const counts = { connections: 0, logins: 0, commands: 0 };
  const sockets = new Set<Socket>();
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = new ssh2.Server({ hostKeys: [gatekeeper.hostPrivate] }, (client) => {
    counts.connections++;
    serveClient(client, gatekeeper, {
      faults: () => state.faults,
      env,
      drop,
      loggedIn: () => counts.logins++,
      asked: () => counts.commands++,
    });
  });
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The server listens for errors of its own only while it is shaking hands.
    socket.on('error', () => undefined);
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  // It is no reason for this process to stay.
  listener.unref();
  return {
    port: (listener.address() as AddressInfo).port,
    user: 'demo',
    hostKey: gatekeeper.hostKey,
    clientKey: gatekeeper.clientPrivate,
    counts,
    set: (changes) => void (state.faults = { ...state.faults, ...changes }),
    drop,
    close: async () => {
      const closed = new Promise((resolve) => listener.close(resolve));
      drop();
      await closed;
    },
  };
}

export interface ClientContext {
  faults: () => DemoFaults;
  env: NodeJS.ProcessEnv;
  drop: () => void;
  loggedIn: () => void;
  asked: () => void;
}

function serveClient(client: Connection, gatekeeper: Gatekeeper, context: ClientContext): void {
  client.on('error', () => undefined);
  client.on('authentication', (attempt) => gatekeeper.judge(attempt, context.faults()));
  client.on('ready', () => {
    context.loggedIn();
    setNoDelay(client);
    client.on('session', (accept, reject) => {
      if (context.faults().refuseChannel) reject();
      else serveSession(accept(), context);
    });
  });
}

/** The types do not know it. */
function setNoDelay(client: Connection): void {
  (client as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
}
