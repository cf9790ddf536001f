import { within } from '../supervisor/bounded';
import { supervise, type SuperviseRequest } from '../supervisor/supervise';
import type { FromShimOf } from './messages';
import { SpareShim } from './spare-shim';
import { startShim, type Shim, type ShimPlan } from './start-shim';
import { superviseByShim, type ShimTools, type SupervisedEnd } from './supervise-by-shim';

/** A run that has just begun needs the machine more than the next one needs its shim. */
const SPARE_AFTER_MS = 1000;
const READY_BOUND_MS = 5000;

export type RunTools = Omit<ShimTools, 'takeShim'>;

/**
 * How this host supervises: each run by a shim of its own, of which one is kept waiting. On Windows, where a shim could not
 * hold its run together any better, the host does it itself.
 */
export class RunSupervisor {
  readonly #spare: SpareShim | null;
  readonly #table: RunTools['table'];
  /** What the newest shim found on this machine. */
  #ready: Promise<FromShimOf<'ready'> | null> = Promise.resolve(null);

  constructor(plan: ShimPlan, table: RunTools['table'], platform = process.platform) {
    this.#table = table;
    this.#spare = platform === 'win32' ? null : new SpareShim(() => this.#start(plan));
  }

  /** Starts the shim of the next run, if none waits. */
  prepare(): void {
    this.#spare?.prepare();
  }

  /** As `superviseByShim`. */
  async supervise(request: SuperviseRequest, tools: RunTools): Promise<SupervisedEnd> {
    const spare = this.#spare;
    if (spare === null) return supervise(request, tools);
    const next = setTimeout(() => spare.prepare(), SPARE_AFTER_MS);
    try {
      return await superviseByShim(request, { ...tools, takeShim: () => spare.take() });
    } finally {
      clearTimeout(next);
      spare.prepare();
    }
  }

  /** For people: what holds a run together here, and why not more. */
  async describe(): Promise<string> {
    this.prepare();
    await this.#spare?.waiting;
    const ready = await within(READY_BOUND_MS, this.#ready);
    const means = [...(ready?.means ?? []), ...(ready?.means.length ? [] : [this.#table.list() ? 'sweep' : 'none'])];
    return `${means.join(' + ')}${ready?.notes.length ? ` (no ${ready.notes.join('; no ')})` : ''}`;
  }

  /** Ends the waiting shim. Nothing is supervised any more. */
  dispose(): Promise<void> {
    return this.#spare?.dispose() ?? Promise.resolve();
  }

  async #start(plan: ShimPlan): Promise<Shim> {
    const shim = await startShim(plan);
    this.#ready = shim.ready;
    return shim;
  }
}
