import type { Progress } from '../pipeline/progress';

export interface RunActivity {
  run: string;
  state: 'queued' | 'running' | 'stopping';
  /** Place in the host's queue, from 1. */
  position: number | null;
}

/**
 * What this window sees of runs that are going, item by item. The ledger knows that a run was started;
 * whether it is queued or stopping only the host tells, and only while somebody listens.
 */
export class Activity {
  readonly #runs = new Map<string, RunActivity>();

  /** Returns true if what is shown for the item has changed. */
  take(progress: Progress): boolean {
    if (progress.kind !== 'run') return false;
    if (progress.state === 'finished') return this.#runs.delete(progress.item);
    const before = this.#runs.get(progress.item);
    this.#runs.set(progress.item, { run: progress.run, state: progress.state, position: progress.position });
    return before?.run !== progress.run || before.state !== progress.state || before.position !== progress.position;
  }

  of(item: string): RunActivity | undefined {
    return this.#runs.get(item);
  }
}
