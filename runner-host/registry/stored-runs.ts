import { StoredOutput } from '../output/stored-output';
import { livenessOf } from '../processes/own-identity';
import type { ProcessTable } from '../processes/process-table';
import type { EventOf, ProcessIdentity, RunSummary } from '../protocol/methods';
import { endOf, type RunResult, type RunSpec } from '../protocol/runs';
import { RequestRefused } from '../server/request-refused';
import type { Log } from '../supervisor/send-signal';
import { OtherHostsRun } from './other-hosts-run';
import { finishRemovals, listRuns } from './retention';
import { DamagedRun, RunDirectory } from './run-directory';
import type { RunRecord } from './run-record';
import type { RunView } from './run-view';
import { settleLost } from './settle-lost';

export interface StoredRunsOptions {
  /** The folder of the run directories. */
  runs: string;
  me: ProcessIdentity;
  table: ProcessTable;
  log: Log;
  onFinished(event: EventOf<'run/finished'>): void;
  /** Goes on with a run that may live on a staging host although its runner host has died. It is in `active` runs on return. */
  adopt(spec: RunSpec, directory: RunDirectory, record: RunRecord): AdoptedRun;
}

export interface AdoptedRun {
  summary(): RunSummary;
  readonly finished: Promise<RunResult>;
}

/** Runs that this host does not execute: those that are over, those of dead hosts, those of an older host that is draining. */
export class StoredRuns {
  readonly #options: StoredRunsOptions;
  readonly #others = new Map<string, OtherHostsRun>();

  constructor(options: StoredRunsOptions) {
    this.#options = options;
  }

  directory(run: string): RunDirectory {
    return new RunDirectory(this.#options.runs, run);
  }

  /** Settles what dead hosts left behind. A run that can't be settled does not keep the others from it. */
  async recover(inTurn: (run: string, work: () => Promise<unknown>) => Promise<unknown>): Promise<void> {
    await finishRemovals(this.#options.runs);
    for (const directory of await listRuns(this.#options.runs)) {
      try {
        if (!directory.isAcknowledged()) await inTurn(directory.run, () => this.find(directory.run));
      } catch (error) {
        this.#options.log(`${directory.run}: not recovered: ${(error as Error).message}`);
      }
    }
  }

  /**
   * A run that has a folder, or null. Settles it first if its host died. Calls for one run must come one after the other.
   * Throws `RequestRefused` (io) if its files can't be understood.
   */
  async find(run: string): Promise<RunSummary | null> {
    const other = this.#others.get(run);
    if (other !== undefined) return other.summary();
    const directory = this.directory(run);
    try {
      const spec = await directory.readSpec();
      if (spec === null) return null;
      const result = await directory.readResult();
      if (result !== null) return finishedSummary(spec, result);
      return await this.#unfinished(directory, spec);
    } catch (error) {
      if (error instanceof DamagedRun) throw new RequestRefused('io', error.message);
      throw error;
    }
  }

  /** A reader's view of a run that `find` gave. Throws `RequestRefused` (io) if its log can't be opened. */
  async open({ run, result }: RunSummary): Promise<RunView> {
    const directory = this.directory(run);
    try {
      const other = this.#others.get(run);
      if (other !== undefined) return other.view();
      if (result === null) throw new RequestRefused('unknownRun', `run ${run} is gone`);
      const source = new StoredOutput(directory.output, await directory.readOutputMap(), false);
      return { source, finished: Promise.resolve(result), close: () => source.close() };
    } catch (error) {
      if (error instanceof RequestRefused) throw error;
      throw new RequestRefused('io', (error as Error).message);
    }
  }

  isElsewhere(run: string): boolean {
    return this.#others.has(run);
  }

  dispose(): void {
    for (const other of this.#others.values()) other.dispose();
  }

  async #unfinished(directory: RunDirectory, spec: RunSpec): Promise<RunSummary> {
    const { me, table, log } = this.#options;
    const record = await directory.readRecord();
    const settle = (): Promise<RunResult> => settleLost({ directory, spec, record }, { table, me, log });
    if (this.#isOver(record)) {
      return this.#adopt(spec, directory, record)?.summary() ?? finishedSummary(spec, await settle());
    }
    const other = new OtherHostsRun(spec, directory, record, async () => {
      try {
        // What it was asked for meanwhile is in its newest record.
        const newest = (await directory.readRecord()) ?? record;
        let result = await directory.readResult();
        if (result === null && this.#isOver(newest)) {
          const adopted = this.#adopt(spec, directory, newest);
          if (adopted !== null) {
            this.#others.delete(spec.run);
            return await adopted.finished;
          }
          result = await settle();
        }
        if (result === null) return null;
        this.#others.delete(spec.run);
        this.#options.onFinished({ run: spec.run, result });
        return result;
      } catch (error) {
        log(`${spec.run}: ${(error as Error).message}`);
        return null;
      }
    });
    this.#others.set(spec.run, other);
    return other.summary();
  }

  #adopt(spec: RunSpec, directory: RunDirectory, record: RunRecord | null): AdoptedRun | null {
    if (spec.kind !== 'staging' || record?.asked !== true) return null;
    return this.#options.adopt(spec, directory, record);
  }

  /** A run of ours that we don't execute was lost between its folder and its start. `unknown` is not over. */
  #isOver(record: RunRecord | null): boolean {
    const { me, table } = this.#options;
    if (record === null) return true;
    const { pid, startTime, bootId } = record.host;
    const mine = pid === me.pid && startTime === me.startTime && bootId === me.bootId;
    return mine || livenessOf(table, me, record.host) === 'dead';
  }
}

function finishedSummary(spec: RunSpec, result: RunResult): RunSummary {
  const { startedAt, outputBytes } = endOf(result);
  return {
    run: spec.run,
    item: spec.item,
    kind: spec.kind,
    state: 'finished',
    position: null,
    startedAt,
    outputBytes,
    result,
  };
}
