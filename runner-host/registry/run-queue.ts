interface Waiter {
  worktree: string;
  start(): void;
  moved(position: number): void;
}

/**
 * Gives places to runs in the order in which they came, at most `limit` at once. A run whose worktree is in use lets later
 * ones pass: two commands in one folder would test each other's files.
 */
export class RunQueue {
  readonly #limit: number;
  readonly #active: Waiter[] = [];
  #waiting: Waiter[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Calls `start` when there is a place, at once if there is one; `moved` tells the place in the queue, from 1. */
  enter(waiter: Waiter): void {
    this.#waiting.push(waiter);
    this.#admit();
  }

  /** Gives the place, or the wait for one, back. Leaving twice is harmless. */
  leave(waiter: Waiter): void {
    const active = this.#active.indexOf(waiter);
    if (active !== -1) this.#active.splice(active, 1);
    this.#waiting = this.#waiting.filter((other) => other !== waiter);
    this.#admit();
  }

  #admit(): void {
    for (const waiter of [...this.#waiting]) {
      if (this.#active.length >= this.#limit) break;
      if (this.#active.some((other) => other.worktree === waiter.worktree)) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiter);
      this.#active.push(waiter);
      waiter.start();
    }
    this.#waiting.forEach((waiter, index) => waiter.moved(index + 1));
  }
}
