import { setTimeout as sleep } from 'node:timers/promises';
import type { Method, Params, Result, RunSummary } from '../../runner-host/protocol/methods';
import type { Host, RunListener } from '../pipeline/ports';
import { followOnConnection } from './follow-connection';
import type { HostConnection } from './host-connection';
import { HostError } from './host-error';
import { probeHost, reachHost, type ReachOptions } from './reach-host';

/** How often a follower takes up a lost connection again without having got anything new. */
const MOST_RECONNECTS = 5;
const RECONNECT_MS = 200;

export interface CreateHostOptions {
  /** `<git common dir>/interlock`, absolute. */
  stateDir: string;
  /** Path of the bundled runner host. */
  hostEntry: string;
  /** The Node (or Electron) that runs it. */
  execPath: string;
  /** What the host inherits. */
  env?: NodeJS.ProcessEnv;
  /** Shown by `host status`. */
  clientName: string;
  log(line: string): void;
  /** Further arguments for a host that is started. */
  hostArgs?: readonly string[];
}

/** The runner host of a repository: connected to, or started, at the first request. Its methods throw `HostError`. */
export function createHost(options: CreateHostOptions): Host {
  const { env = process.env, hostArgs = [], ...rest } = options;
  return new HostClient({ ...rest, env, args: hostArgs });
}

class HostClient implements Host {
  readonly #options: ReachOptions;
  readonly #others = new Set<{ close(): void }>();
  #connection: Promise<HostConnection> | undefined;
  #closed = false;

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  async request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    try {
      return await (await this.#connected()).request(method, params);
    } catch (error) {
      if (!(error instanceof HostError) || this.#closed) throw error;
      // Every method but drain may be called twice, so what a dying host may or may not have heard is said again.
      const again = error.code === 'connection-lost' && method !== 'host/drain';
      const elsewhere = error.code === 'draining' && method === 'run/start';
      if (!again && !elsewhere) throw error;
      return (await this.#connected(elsewhere)).request(method, params);
    }
  }

  async follow(run: string, from: number, listener: RunListener, signal?: AbortSignal): Promise<RunSummary> {
    let next = from;
    let lost = 0;
    for (;;) {
      signal?.throwIfAborted();
      const connection = this.#keep(await this.#reach(false));
      const stop = (): void => connection.close();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        signal?.throwIfAborted();
        return await followOnConnection(connection, run, next, listener, (position) => {
          next = position;
          lost = 0;
        });
      } catch (error) {
        signal?.throwIfAborted();
        lost += 1;
        if (this.#closed || !(error instanceof HostError) || error.code !== 'connection-lost' || lost > MOST_RECONNECTS)
          throw error;
        await sleep(RECONNECT_MS * lost);
      } finally {
        signal?.removeEventListener('abort', stop);
        connection.close();
        this.#others.delete(connection);
      }
    }
  }

  async probe(): Promise<Host | null> {
    if (this.#closed) throw isClosed();
    const connection = await probeHost(this.#options);
    return connection === null ? null : new ProbedHost(this.#keep(connection), this);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = undefined;
    for (const other of this.#others) other.close();
    this.#others.clear();
    await connection?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  /** @param forNewRun the present host ends: another one is needed */
  async #connected(forNewRun = false): Promise<HostConnection> {
    const present = this.#connection;
    const open = await present?.catch(() => undefined);
    if (open?.isOpen === true && !forNewRun) return open;
    // Whoever comes first replaces it; the others share the new one.
    if (this.#connection === present) {
      open?.close();
      this.#connection = this.#reach(forNewRun);
    }
    return this.#connection ?? this.#reach(forNewRun);
  }

  async #reach(forNewRun: boolean): Promise<HostConnection> {
    if (this.#closed) throw isClosed();
    const connection = await reachHost(this.#options, forNewRun);
    if (!this.#closed) return connection;
    connection.close();
    throw isClosed();
  }

  #keep(connection: HostConnection): HostConnection {
    this.#others.add(connection);
    return connection;
  }
}

/** A host that was there when asked for; when it is gone, it is gone. */
class ProbedHost implements Host {
  readonly #connection: HostConnection;
  readonly #client: HostClient;

  constructor(connection: HostConnection, client: HostClient) {
    this.#connection = connection;
    this.#client = client;
  }

  request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    return this.#connection.request(method, params);
  }

  follow(run: string, from: number, listener: RunListener): Promise<RunSummary> {
    return followOnConnection(this.#connection, run, from, listener, () => undefined);
  }

  probe(): Promise<Host | null> {
    return this.#client.probe();
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }
}

function isClosed(): HostError {
  return new HostError('closed', 'this connection to the runner host was closed');
}
