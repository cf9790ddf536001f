import { StoredOutput } from '../output/stored-output';
import type { RunSummary } from '../protocol/methods';
import type { RunResult, RunSpec } from '../protocol/runs';
import { statSync } from 'node:fs';
import type { RunDirectory } from './run-directory';
import type { RunRecord } from './run-record';
import type { RunView } from './run-view';

const LOOK_MS = 250;

/**
 * A run that an older host, which is draining, still executes. It is followed through its files: they are all that two
 * versions share for sure.
 */
export class OtherHostsRun {
  readonly spec: RunSpec;
  readonly record: RunRecord | null;
  readonly finished: Promise<RunResult>;
  readonly #directory: RunDirectory;
  readonly #sources = new Set<StoredOutput>();
  readonly #timer: NodeJS.Timeout;

  /** @param look gives the result once there is one, and settles the run if its host has died; never rejects */
  constructor(spec: RunSpec, directory: RunDirectory, record: RunRecord | null, look: () => Promise<RunResult | null>) {
    this.spec = spec;
    this.record = record;
    this.#directory = directory;
    let resolve!: (result: RunResult) => void;
    this.finished = new Promise((settle) => (resolve = settle));
    let looking = false;
    this.#timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void look().then((result) => {
        looking = false;
        if (result !== null) clearInterval(this.#timer);
        for (const source of this.#sources) source.looked(result !== null);
        if (result !== null) resolve(result);
      });
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Throws if the run has no output.log yet. */
  view(): RunView {
    const source = new StoredOutput(this.#directory.output, null, true);
    this.#sources.add(source);
    return {
      source,
      finished: this.finished,
      close: () => {
        if (this.#sources.delete(source)) source.close();
      },
    };
  }

  summary(): RunSummary {
    const { run, item, kind } = this.spec;
    const outputBytes = statSync(this.#directory.output, { throwIfNoEntry: false })?.size ?? 0;
    return {
      run,
      item,
      kind,
      state: 'running',
      position: null,
      startedAt: this.record?.startedAt ?? null,
      outputBytes,
      result: null,
    };
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
