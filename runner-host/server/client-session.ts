import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { HOST_ERROR, type HostErrorData } from '../protocol/errors';
import {
  METHODS,
  type EventName,
  type EventOf,
  type Method,
  type Params,
  type ProcessIdentity,
  type Result,
} from '../protocol/methods';
import { PROTOCOL_VERSION } from '../protocol/version';
import type { RunView } from '../registry/run-view';
import type { Log } from '../supervisor/send-signal';
import { Attachment } from './attachment';
import { CheckedReader } from './checked-reader';
import type { Handlers } from './methods';
import { RequestRefused } from './request-refused';

/** A stranger gets so long, and so many bytes, to say who he is. */
const GREETING_MS = 10_000;
const GREETING_BYTES = 64 * 1024;
/** Messages that may wait for a client. One that takes nothing any more is cut off rather than waited on in memory. */
const MOST_UNSENT = 1024;

export interface SessionOptions {
  token: string;
  identity: ProcessIdentity;
  handlers: Handlers;
  open(run: string): Promise<{ summary: Result<'run/attach'>; view: RunView }>;
  log: Log;
}

/** One client's connection. Answers nothing but errors before `initialize` came with the right token and version. */
export class ClientSession {
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #connection: MessageConnection;
  readonly #attachments = new Map<string, Attachment>();
  /** Runs that are being opened for an attachment. */
  readonly #opening: string[] = [];
  #client: string | null = null;
  #unsent = 0;

  /** @param onEnd called once, when the connection is gone */
  constructor(socket: Socket, options: SessionOptions, onEnd: () => void) {
    this.#socket = socket;
    this.#options = options;
    const reader = new CheckedReader(socket);
    const writer = new StreamMessageWriter(socket);
    this.#connection = createMessageConnection(reader, writer);
    const greeting = setTimeout(() => socket.destroy(), GREETING_MS);
    socket.on('data', () => {
      if (this.#client === null && socket.bytesRead > GREETING_BYTES) socket.destroy();
    });
    socket.once('close', () => {
      clearTimeout(greeting);
      for (const attachment of this.#attachments.values()) attachment.close();
      this.#connection.dispose();
      onEnd();
    });
    socket.on('error', (error) => options.log(`connection: ${error.message}`));
    // A message that is none has no id to answer to, and what follows it can't be trusted: answer, then hang up.
    const refuse = (error: Error): void => {
      const reply = { jsonrpc: '2.0', id: null, error: { code: ErrorCodes.InvalidRequest, message: error.message } };
      void writer
        .write(reply)
        .catch(() => undefined)
        .finally(() => socket.end());
    };
    reader.onError(refuse);
    this.#connection.onError(([error]) => options.log(`connection: ${error.message}`));
    this.#connection.onRequest((method, params) => this.#answer(method, params, () => clearTimeout(greeting)));
    this.#connection.onNotification((method) => options.log(`notification ${method.slice(0, 100)} ignored`));
    this.#connection.listen();
  }

  get isInitialized(): boolean {
    return this.#client !== null;
  }

  /** Sends an event, except the end of a run that is attached: that one follows the output. */
  tell<E extends Exclude<EventName, 'run/output'>>(name: E, event: EventOf<E>): void {
    if (this.#client === null || (name === 'run/finished' && this.#isAttached(event.run))) return;
    void this.#send(name, event).catch(() => undefined);
  }

  close(): void {
    this.#socket.end();
  }

  #isAttached(run: string): boolean {
    return this.#attachments.has(run) || this.#opening.includes(run);
  }

  async #answer(method: string, params: unknown, greeted: () => void): Promise<unknown> {
    try {
      if (!isMethod(method)) return unknownMethod(method);
      if (method === 'initialize') return this.#initialize(parse(method, params), greeted);
      if (this.#client === null) throw new RequestRefused('unauthorized', 'initialize comes first');
      if (method === 'run/attach') return await this.#attach(parse(method, params));
      return await this.#call(method, params);
    } catch (error) {
      if (error instanceof RequestRefused) return refusal(error);
      this.#options.log(`${method.slice(0, 100)}: ${(error as Error).stack ?? String(error)}`);
      return refusal(new RequestRefused('io', (error as Error).message));
    }
  }

  #call<M extends keyof Handlers>(method: M, params: unknown): Promise<Result<M>> {
    return this.#options.handlers[method](parse(method, params));
  }

  #initialize({ version, token, client }: Params<'initialize'>, greeted: () => void): Result<'initialize'> {
    if (!isSameToken(token, this.#options.token))
      throw new RequestRefused('unauthorized', 'the token is not that of this host');
    if (version !== PROTOCOL_VERSION) {
      throw new RequestRefused('versionMismatch', `this host speaks version ${PROTOCOL_VERSION}, not ${version}`);
    }
    greeted();
    this.#client = client;
    return { version: PROTOCOL_VERSION, identity: this.#options.identity };
  }

  async #attach({ run, from }: Params<'run/attach'>): Promise<Result<'run/attach'>> {
    const { summary, view } = await this.#open(run);
    this.#attachments.get(run)?.close();
    const attachment = new Attachment(run, view, {
      output: (event) => this.#send('run/output', event),
      finished: (event) => this.#send('run/finished', event),
    });
    this.#attachments.set(run, attachment);
    // After the reply, so that the client knows the run before its first event.
    setImmediate(() => {
      void attachment
        .pump(from)
        .catch((error: Error) => {
          this.#options.log(`${run}: attached client: ${error.message}`);
          this.#socket.destroy();
        })
        .finally(() => {
          if (this.#attachments.get(run) === attachment) this.#attachments.delete(run);
        });
    });
    if (this.#socket.destroyed) attachment.close();
    return summary;
  }

  async #open(run: string): Promise<{ summary: Result<'run/attach'>; view: RunView }> {
    this.#opening.push(run);
    try {
      return await this.#options.open(run);
    } finally {
      this.#opening.splice(this.#opening.indexOf(run), 1);
    }
  }

  async #send<E extends EventName>(name: E, event: EventOf<E>): Promise<void> {
    if (this.#unsent >= MOST_UNSENT) this.#socket.destroy();
    if (this.#socket.destroyed) throw new Error('the connection is gone');
    this.#unsent += 1;
    try {
      await this.#connection.sendNotification(name, event);
    } finally {
      this.#unsent -= 1;
    }
  }
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(METHODS, method);
}

function parse<M extends Method>(method: M, params: unknown): Params<M> {
  const parsed = METHODS[method].params.safeParse(params);
  if (!parsed.success) throw new RequestRefused('invalidParams', parsed.error.message.slice(0, 1000));
  return parsed.data as Params<M>;
}

function unknownMethod(method: string): ResponseError<HostErrorData> {
  const detail = `there is no method ${JSON.stringify(method.slice(0, 100))}`;
  return new ResponseError(ErrorCodes.MethodNotFound, detail, { code: 'invalidParams', detail });
}

function refusal({ code, detail }: RequestRefused): ResponseError<HostErrorData> {
  return new ResponseError(HOST_ERROR[code], detail, { code, detail });
}

/** Digests first: `timingSafeEqual` takes only equal lengths. */
function isSameToken(given: string, own: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(own));
}
