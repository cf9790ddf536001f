import { within } from '../supervisor/bounded';
import type { Shim } from './start-shim';

const READY_BOUND_MS = 5000;

/** Keeps one shim waiting, so that a run need not wait for one to start. While it waits it takes 13 MB. */
export class SpareShim {
  readonly #start: () => Promise<Shim>;
  #next: Promise<Shim> | undefined;
  #disposed = false;

  constructor(start: () => Promise<Shim>) {
    this.#start = start;
  }

  /** Starts the next shim, if none waits. Call it when there is time: not while a run begins. */
  prepare(): void {
    if (this.#disposed) return;
    this.#next ??= this.#start();
    // Whoever takes it hears of it.
    this.#next.catch(() => undefined);
  }

  /** Resolves when the one that waits, if any, was started; never rejects. */
  get waiting(): Promise<unknown> {
    return this.#next?.catch(() => undefined) ?? Promise.resolve();
  }

  /** The waiting shim if it still lives, or a fresh one. Throws as `startShim`. */
  async take(): Promise<Shim> {
    const next = this.#next;
    this.#next = undefined;
    const spare = await next?.catch(() => undefined);
    if (spare !== undefined && (await this.#isReady(spare))) return spare;
    spare?.dispose();
    return this.#start();
  }

  /** Ends the waiting one. Nothing may be taken any more. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    (await this.#next?.catch(() => undefined))?.dispose();
  }

  async #isReady(shim: Shim): Promise<boolean> {
    if (!(await within(READY_BOUND_MS, shim.ready))) return false;
    return (
      (await within(
        0,
        shim.exited.then(() => 'gone'),
      )) === undefined
    );
  }
}
