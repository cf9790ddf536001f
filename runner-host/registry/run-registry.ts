import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EventOf, RunSummary } from '../protocol/methods';
import type { RunSpec } from '../protocol/runs';
import { RequestRefused } from '../server/request-refused';
import { ActiveRun } from './active-run';
import { executeRun, type ExecuteTools } from './execute-run';
import { listRuns, removeOldRuns } from './retention';
import type { RunDirectory } from './run-directory';
import { RunQueue } from './run-queue';
import type { RunRecord } from './run-record';
import type { RunView } from './run-view';
import { StoredRuns, type StoredRunsOptions } from './stored-runs';

export interface RegistryOptions extends Omit<StoredRunsOptions, 'adopt'>, ExecuteTools {
  /** Runs at once. */
  limit: number;
  /** Bytes of output kept of a run. */
  outputCap: number;
  /** Acknowledged runs kept. */
  keep: number;
  /** Where the commands' temporary folders are made. */
  privateFolder: string;
  onStep(event: EventOf<'run/step'>): void;
}

/** All runs of one repository that this host knows. Its methods throw `RequestRefused`. */
export class RunRegistry {
  readonly #options: RegistryOptions;
  readonly #queue: RunQueue;
  readonly #stored: StoredRuns;
  readonly #active = new Map<string, ActiveRun>();
  /** Calls that make or settle a run, one after the other for each run. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #draining = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#queue = new RunQueue(options.limit);
    this.#stored = new StoredRuns({ ...options, adopt: (...lost) => this.#adopt(...lost) });
  }

  /** Whether a run of this host is not over yet. */
  get isBusy(): boolean {
    return [...this.#active.values()].some((active) => active.state !== 'finished');
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  recover(): Promise<void> {
    // A client may have been faster: what it started, or joined, is no lost run.
    return this.#stored.recover((run, work) =>
      this.#inTurn(run, async () => (this.#active.has(run) ? undefined : work())),
    );
  }

  /** Starts a run, or gives the one that was started with the same specification. */
  start(spec: RunSpec): Promise<RunSummary> {
    return this.#inTurn(spec.run, async () => {
      const active = this.#active.get(spec.run);
      const stored = active === undefined ? await this.#stored.find(spec.run) : null;
      const known = active?.spec ?? (stored === null ? null : await this.#stored.directory(spec.run).readSpec());
      if (known !== null && !isDeepStrictEqual(known, spec)) {
        throw new RequestRefused('runConflict', `run ${spec.run} was started with another specification`);
      }
      if (active !== undefined) return active.summary();
      if (stored !== null) return stored;
      if (this.#draining) throw new RequestRefused('draining', 'this host takes no new runs');
      return this.#begin(spec, this.#stored.directory(spec.run));
    });
  }

  /** A run with a reader's view of it, which the caller closes. */
  async open(run: string): Promise<{ summary: RunSummary; view: RunView }> {
    const active = this.#active.get(run);
    if (active !== undefined) return { summary: active.summary(), view: active.view() };
    const summary = await this.#find(run);
    return { summary, view: await this.#stored.open(summary) };
  }

  /** Resolves when the run is dead and its result written. A finished run stays as it is. */
  async cancel(run: string, reason: string): Promise<RunSummary> {
    const summary = await this.#find(run);
    if (this.#stored.isElsewhere(run))
      throw new RequestRefused('draining', `an older host is still finishing run ${run}`);
    const active = this.#active.get(run);
    if (active === undefined) return summary;
    active.cancel(reason);
    await active.finished;
    return active.summary();
  }

  /** Every run that is not over or not acknowledged, oldest first. */
  async list(): Promise<RunSummary[]> {
    const runs: RunSummary[] = [];
    for (const directory of await listRuns(this.#options.runs)) {
      if (directory.isAcknowledged()) continue;
      try {
        runs.push(await this.#find(directory.run));
      } catch (error) {
        this.#options.log((error as Error).message);
      }
    }
    return runs;
  }

  async acknowledge(run: string): Promise<void> {
    const { state, result } = await this.#find(run);
    if (state !== 'finished' || result === null) throw new RequestRefused('notFinished', `run ${run} is ${state}`);
    const directory = this.#stored.directory(run);
    try {
      if (this.#active.has(run)) await directory.writeResult(result);
      await directory.acknowledge();
      this.#active.delete(run);
      await removeOldRuns(this.#options.runs, this.#options.keep);
    } catch (error) {
      throw new RequestRefused('io', (error as Error).message);
    }
  }

  /** Takes no more runs; resolves when those of this host are over. A reason to cancel stops them. */
  async drain(cancel: string | null): Promise<void> {
    this.#draining = true;
    const runs = [...this.#active.values()];
    if (cancel !== null) for (const active of runs) active.cancel(cancel);
    await Promise.all(runs.map((active) => active.finished));
  }

  dispose(): void {
    this.#stored.dispose();
  }

  async #find(run: string): Promise<RunSummary> {
    const summary =
      this.#active.get(run)?.summary() ??
      (await this.#inTurn(run, async () => this.#active.get(run)?.summary() ?? this.#stored.find(run)));
    if (summary === null) throw new RequestRefused('unknownRun', `there is no run ${run}`);
    return summary;
  }

  async #begin(spec: RunSpec, directory: RunDirectory): Promise<RunSummary> {
    const { me, privateFolder, outputCap } = this.#options;
    const record = {
      host: me,
      cookie: randomBytes(16).toString('hex'),
      tmp: join(privateFolder, spec.run),
      shim: null,
      leader: null,
      startedAt: Date.now(),
    };
    let active: ActiveRun;
    try {
      await directory.create(spec, record);
      active = new ActiveRun(spec, directory, record, outputCap);
    } catch (error) {
      throw new RequestRefused('io', `the run's folder can't be made: ${(error as Error).message}`);
    }
    this.#active.set(spec.run, active);
    this.#enqueue(active);
    return active.summary();
  }

  /** The log is written anew: all of it comes from the staging host again. */
  #adopt(spec: RunSpec, directory: RunDirectory, lost: RunRecord): ActiveRun {
    const known = this.#active.get(spec.run);
    if (known !== undefined) return known;
    if (this.#draining) throw new RequestRefused('draining', `run ${spec.run} is for the next host`);
    const record = { ...lost, host: this.#options.me };
    directory.writeRecordNow(record);
    const active = new ActiveRun(spec, directory, record, this.#options.outputCap);
    this.#active.set(spec.run, active);
    this.#enqueue(active);
    return active;
  }

  #enqueue(active: ActiveRun): void {
    const { spec } = active;
    const step = (text: string): void => {
      this.#options.onStep({ run: spec.run, state: active.state, position: active.position, step: text });
    };
    let started = false;
    const start = (): void => {
      if (started) return;
      started = true;
      active.position = null;
      void executeRun(active, this.#options, step).then(({ result, persisted }) => {
        this.#queue.leave(waiter);
        // What is not on disk stays in memory for as long as this host lives.
        if (persisted) this.#active.delete(spec.run);
        active.finish(result);
        this.#options.onFinished({ run: spec.run, result });
      });
    };
    const moved = (position: number): void => {
      if (position === active.position) return;
      active.position = position;
      step('waiting for a place');
    };
    const waiter = { worktree: placeOf(spec), start, moved };
    // A run that still waits needs no place to be cancelled.
    const cancelled = (): void => {
      if (!started) this.#queue.leave(waiter);
      start();
    };
    active.stop.addEventListener('abort', cancelled, { once: true });
    this.#queue.enter(waiter);
  }

  async #inTurn<T>(run: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(run) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#turns.set(run, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(run) === mine) this.#turns.delete(run);
    }
  }
}

/** Runs in the same place wait for each other. */
function placeOf(spec: RunSpec): string {
  switch (spec.kind) {
    case 'test':
      return spec.worktree;
    case 'staging':
      return `staging ${spec.target.user ?? ''}@${spec.target.host}:${spec.target.port ?? ''}`;
    case 'merge':
      return `merge ${spec.repository}`;
  }
}
