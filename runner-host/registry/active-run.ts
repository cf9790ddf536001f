import { OutputLog } from '../output/output-log';
import type { RunState, RunSummary } from '../protocol/methods';
import { endOf, type RunResult, type RunSpec } from '../protocol/runs';
import type { RunDirectory } from './run-directory';
import type { RunRecord } from './run-record';
import type { RunView } from './run-view';

/** A run of this host from its start until its result is on disk. */
export class ActiveRun {
  readonly spec: RunSpec;
  readonly directory: RunDirectory;
  readonly output: OutputLog;
  readonly finished: Promise<RunResult>;
  record: RunRecord;
  state: RunState = 'queued';
  position: number | null = null;
  startedAt: number | null = null;
  result: RunResult | null = null;
  readonly #stop = new AbortController();
  #resolve!: (result: RunResult) => void;
  #readers = 0;

  /** Throws if output.log can't be made. */
  constructor(spec: RunSpec, directory: RunDirectory, record: RunRecord, outputCap: number) {
    this.spec = spec;
    this.directory = directory;
    this.record = record;
    this.output = new OutputLog(directory.output, outputCap);
    this.finished = new Promise((resolve) => (this.#resolve = resolve));
  }

  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** The first reason stays. */
  cancel(reason: string): void {
    if (!this.#stop.signal.aborted) this.#stop.abort(reason);
  }

  finish(result: RunResult): void {
    this.state = 'finished';
    this.position = null;
    this.startedAt = endOf(result).startedAt;
    this.result = result;
    this.#resolve(result);
    if (this.#readers === 0) this.output.close();
  }

  view(): RunView {
    this.#readers += 1;
    let open = true;
    return {
      source: this.output,
      finished: this.finished,
      close: () => {
        if (!open) return;
        open = false;
        this.#readers -= 1;
        if (this.#readers === 0 && this.result !== null) this.output.close();
      },
    };
  }

  summary(): RunSummary {
    const { spec, state, position, startedAt, result } = this;
    return {
      run: spec.run,
      item: spec.item,
      kind: spec.kind,
      state,
      position,
      startedAt,
      outputBytes: this.output.total,
      result,
    };
  }
}
