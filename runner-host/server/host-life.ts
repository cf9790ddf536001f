import type { Log } from '../supervisor/send-signal';

const OWNERSHIP_LOOK_MS = 2000;
/** For the answer to a drain request, and the last events, to be written before their connection is ended. */
const ANSWER_MS = 100;
/** For the clients to hang up. */
const FAREWELL_MS = 2000;

export interface LifeOptions {
  idleMs: number;
  /** Whether a client is connected or a run not over. */
  isNeeded(): boolean;
  /** Whether the record of this host is gone from the state folder. */
  isLost(): boolean;
  /** Takes no more runs, says so in the state folder, and resolves when the present ones are over; a reason cancels them. */
  drain(cancel: string | null): Promise<void>;
  /** Ends all connections. */
  close(): Promise<void>;
  exit(code: number): void;
  log: Log;
}

/** Decides when the host ends: idle, drained, told by a signal, or without its state folder. */
export class HostLife {
  readonly #options: LifeOptions;
  readonly #look: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(options: LifeOptions) {
    this.#options = options;
    this.#look = setInterval(() => {
      if (!this.#ending && options.isLost()) void this.end('its record is gone', 'the state folder is gone');
    }, OWNERSHIP_LOOK_MS);
    this.changed();
  }

  /** To be called when a client or a run comes or goes. */
  changed(): void {
    clearTimeout(this.#idle);
    if (this.#ending || this.#options.isNeeded()) return;
    this.#idle = setTimeout(() => {
      if (!this.#options.isNeeded()) void this.end('idle', null);
    }, this.#options.idleMs);
  }

  /**
   * Drains, then exits with 0. Resolves when the runs are over, just before the connections end. Called again with a reason
   * to cancel, it stops the runs that a first call let go on.
   */
  async end(why: string, cancel: string | null): Promise<void> {
    const { log, drain, close, exit } = this.#options;
    log(`ending: ${why}`);
    const drained = drain(cancel);
    if (this.#ending) return drained;
    this.#ending = true;
    clearTimeout(this.#idle);
    clearInterval(this.#look);
    void drained
      .catch((error: Error) => log(`drain: ${error.message}`))
      .then(() => {
        setTimeout(() => exit(0), FAREWELL_MS).unref();
        setTimeout(() => void close().then(() => exit(0)), ANSWER_MS);
      });
    return drained;
  }
}
