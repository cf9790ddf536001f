import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { SshEvent } from '../staging-evidence';
import { errorEvent } from './error-event';

/** A connection that is logged in. It listens for errors until it is gone: an error without a listener ends the process. */
export class Link {
  /** False for good once the connection is gone. */
  open = true;
  readonly closed: Promise<void>;
  readonly #client: Client;
  readonly #listeners = new Set<(event: SshEvent) => void>();

  constructor(client: Client) {
    this.#client = client;
    this.closed = new Promise((resolve) => {
      client.once('close', () => {
        this.open = false;
        resolve();
      });
    });
    client.removeAllListeners('error');
    client.on('error', (error) => {
      for (const listener of this.#listeners) listener(errorEvent(error));
    });
    // What is already lost is told by the next channel's failure.
    client.once('end', () => (this.open = false));
  }

  /** Hears of the connection's errors until the returned function is called. */
  hear(listener: (event: SshEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Opens a channel for a command. The event says why there is none; a lost connection looks like a host's refusal there, and
   * is none.
   */
  async exec(command: string): Promise<ClientChannel | SshEvent> {
    return new Promise((resolve) => {
      try {
        this.#client.exec(command, (error, channel) => {
          resolve(error ? this.#failure(error) : channel);
        });
      } catch {
        resolve({ kind: 'close' });
      }
    });
  }

  /** A connection from the host to another one. */
  async forward(host: string, port: number): Promise<Duplex | SshEvent> {
    return new Promise((resolve) => {
      try {
        this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
          resolve(error ? this.#failure(error) : channel);
        });
      } catch {
        resolve({ kind: 'close' });
      }
    });
  }

  end(): void {
    this.open = false;
    this.#client.end();
  }

  destroy(): void {
    this.open = false;
    this.#client.destroy();
  }

  #failure(error: Error & { reason?: unknown }): SshEvent {
    if (!this.open || error.reason === '') return { kind: 'close' };
    return typeof error.reason === 'number' ? { kind: 'exec-failed', reason: error.reason } : { kind: 'exec-failed' };
  }
}
