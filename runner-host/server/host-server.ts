import { createHash, randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { EventName, EventOf } from '../protocol/methods';
import { ClientSession, type SessionOptions } from './client-session';

/** A name that no other host of this or another repository has. */
export function socketPath(privateFolder: string, stateDir: string): string {
  const name = createHash('sha256').update(stateDir).update(randomBytes(16)).digest('hex').slice(0, 16);
  return process.platform === 'win32' ? `\\\\.\\pipe\\interlock-${name}` : join(privateFolder, `${name}.sock`);
}

/** Listens on the socket and holds the sessions of all clients. */
export class HostServer {
  readonly #sessions = new Set<ClientSession>();
  readonly #server: Server;
  #options: SessionOptions | undefined;
  #onChange: () => void = () => undefined;

  constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Starts to listen. Clients that come before `serve` wait. Rejects with the system's error. */
  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    if (process.platform !== 'win32') chmodSync(path, 0o600);
  }

  /** @param onChange called when a client comes or goes */
  serve(options: SessionOptions, onChange: () => void): void {
    this.#options = options;
    this.#onChange = onChange;
    this.#server.on('error', (error) => options.log(`socket: ${error.message}`));
  }

  /** Initialized clients. */
  get clients(): number {
    return [...this.#sessions].filter((session) => session.isInitialized).length;
  }

  /** Open connections, greeted or not. */
  get connections(): number {
    return this.#sessions.size;
  }

  tell<E extends Exclude<EventName, 'run/output'>>(name: E, event: EventOf<E>): void {
    for (const session of this.#sessions) session.tell(name, event);
  }

  /** Ends every connection once what was written to it is sent, and removes the socket. Bounded by the caller. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    await closed;
  }

  #accept(socket: Socket): void {
    const options = this.#options;
    // Only between listening and the end of the election: the record that names this socket is not out yet.
    if (options === undefined) {
      socket.destroy();
      return;
    }
    const session = new ClientSession(socket, options, () => {
      this.#sessions.delete(session);
      this.#onChange();
    });
    this.#sessions.add(session);
    this.#onChange();
  }
}
