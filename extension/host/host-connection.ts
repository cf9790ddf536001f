import { createConnection, type Socket } from 'node:net';
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { HostErrorData } from '../../runner-host/protocol/errors';
import {
  EVENTS,
  METHODS,
  type EventName,
  type EventOf,
  type HostRecord,
  type Method,
  type Params,
  type Result,
} from '../../runner-host/protocol/methods';
import { HostError } from './host-error';

const CONNECT_MS = 2000;
const ANSWER_MS = 15_000;
/** These answer when processes are dead: the grace that a project configures is part of it. */
const SLOW: Partial<Record<Method, number>> = { 'run/cancel': 600_000, 'host/drain': 600_000, 'run/start': 60_000 };

export type EventListener = <E extends EventName>(name: E, event: EventOf<E>) => void;

/** One initialized connection to a host. */
export class HostConnection {
  /** Resolves, with what was wrong if anything, when the connection is gone. */
  readonly closed: Promise<HostError>;
  readonly #socket: Socket;
  readonly #connection: MessageConnection;
  readonly #listeners = new Set<EventListener>();
  #problem: HostError | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#connection.dispose();
        resolve(this.#problem ?? lost());
      });
    });
    // The close event that follows tells everybody.
    socket.on('error', () => undefined);
    this.#connection.onError(([error]) => {
      // Those of the socket have a code, and are followed by its close event; those of the messages have none.
      if (!('code' in error)) this.#fail(`unreadable message: ${error.message}`);
    });
    this.#connection.onNotification((name, params) => this.#tell(name, params));
    this.#connection.listen();
  }

  /**
   * Connects to a recorded host and introduces itself.
   * @param version what is said to be spoken; an older host's own number lets it be drained
   * @throws HostError: unreachable (nobody listens), or what the host answered
   */
  static async open(record: HostRecord, client: string, version: number): Promise<HostConnection> {
    const socket = await connect(record.socket);
    const connection = new HostConnection(socket);
    try {
      await connection.request('initialize', { version, token: record.token, client });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Returns what ends the calls. */
  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws HostError: the host's own code, bad-reply, no-answer or connection-lost */
  async request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const bound = SLOW[method] ?? ANSWER_MS;
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer: unknown = await Promise.race([
        this.#connection.sendRequest(method, params),
        this.closed.then((problem) => Promise.reject(problem)),
        new Promise((_, reject) => {
          const late = (): void =>
            reject(new HostError('no-answer', `no answer to ${method} within ${bound / 1000} s`));
          timer = setTimeout(late, bound);
        }),
      ]);
      const parsed = METHODS[method].result.safeParse(answer);
      if (!parsed.success) throw new HostError('bad-reply', `${method}: ${parsed.error.message.slice(0, 500)}`);
      return parsed.data as Result<M>;
    } catch (error) {
      // The library rejects what is pending when the connection goes, with errors of its own: `closed` knows better.
      throw this.isOpen || error instanceof HostError ? asHostError(method, error) : await this.closed;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #tell(name: string, params: unknown): void {
    if (!Object.hasOwn(EVENTS, name)) return;
    const event = name as EventName;
    const parsed = EVENTS[event].safeParse(params);
    if (!parsed.success) return this.#fail(`${name}: ${parsed.error.message.slice(0, 500)}`);
    for (const listener of this.#listeners) listener(event, parsed.data);
  }

  #fail(detail: string): void {
    this.#problem ??= new HostError('bad-reply', detail);
    this.#socket.destroy();
  }
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    const fail = (detail: string): void => {
      socket.destroy();
      reject(new HostError('unreachable', `the runner host at ${path} can't be reached: ${detail}`));
    };
    const timer = setTimeout(() => fail(`no connection within ${CONNECT_MS / 1000} s`), CONNECT_MS);
    socket.once('error', (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function asHostError(method: Method, error: unknown): HostError {
  if (error instanceof HostError) return error;
  if (error instanceof ResponseError) {
    const data = HostErrorData.safeParse(error.data);
    if (data.success) return new HostError(data.data.code, data.data.detail);
    return new HostError('bad-reply', `${method}: ${error.message}`);
  }
  // Whatever the library throws of its own is about the connection: disposed, closed, not writable.
  return lost();
}

function lost(): HostError {
  return new HostError('connection-lost', 'the connection to the runner host was lost');
}
