import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOf } from '../protocol/methods';
import type { RunView } from '../registry/run-view';

const PIECE_BYTES = 64 * 1024;
/** Between two pieces for a client that lags behind an output that pours: whoever watches must not slow down the run. */
const POURING_MS = 10;

export interface AttachmentTarget {
  /** Both resolve when the connection has taken the message: the next piece is read only then. */
  output(event: EventOf<'run/output'>): Promise<void>;
  finished(event: EventOf<'run/finished'>): Promise<void>;
}

/**
 * Sends a run's output from an offset on, then what comes, then the end. Everything is read from the log, so a slow client
 * costs no memory: it just reads later.
 */
export class Attachment {
  readonly #run: string;
  readonly #view: RunView;
  readonly #target: AttachmentTarget;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(run: string, view: RunView, target: AttachmentTarget) {
    this.#run = run;
    this.#view = view;
    this.#target = target;
  }

  /** Resolves when the end was sent or the attachment closed; rejects if the log can't be read or the connection is gone. */
  async pump(from: number): Promise<void> {
    const { source, finished } = this.#view;
    let changed = false;
    const unsubscribe = source.onChange(() => {
      changed = true;
      this.#wake();
    });
    try {
      let offset = from;
      while (!this.#closed) {
        changed = false;
        const piece = source.read(offset, PIECE_BYTES);
        if (piece !== null) {
          await this.#target.output({ run: this.#run, ...piece });
          const lags = piece.next - offset >= PIECE_BYTES / 2;
          offset = piece.next;
          if (lags && changed && !source.ended) await sleep(POURING_MS);
        } else if (source.ended) {
          break;
        } else if (!changed) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
      if (this.#closed) return;
      const result = await Promise.race([finished, new Promise<null>((resolve) => (this.#wake = () => resolve(null)))]);
      if (result !== null) await this.#target.finished({ run: this.#run, result });
    } finally {
      unsubscribe();
      this.close();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    this.#view.close();
  }
}
