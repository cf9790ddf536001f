import type { OutputSource } from '../output/output-source';
import type { RunResult } from '../protocol/runs';

/** One reader's hold on a run; `close` gives it back. */
export interface RunView {
  source: OutputSource;
  /** Resolves with the result once it is there; never rejects. */
  finished: Promise<RunResult>;
  close(): void;
}
