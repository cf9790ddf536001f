import type { Readable } from 'node:stream';
import type { Stream } from '../output/segments';
import type { EndCause } from './first-cause';
import type { Started } from './start-command';

export interface OutputSink {
  /** Throws if the bytes could not be kept. `chunk` is overwritten after the call. */
  write(stream: Stream, chunk: Buffer): void;
  readonly total: number;
  readonly dropped: number;
}

export interface OutputReading {
  closed: Promise<unknown>;
  /** Resolves when output could not be kept; never otherwise. */
  failed: Promise<EndCause>;
  destroy(): void;
}

/** Empties both pipes into the sink from now on. */
export function readOutput({ stdout, stderr }: Started, output: OutputSink): OutputReading {
  let fail!: (cause: EndCause) => void;
  const failed = new Promise<EndCause>((resolve) => (fail = resolve));
  let lost = false;
  const read = (stream: Readable | null, name: Stream): Promise<void> =>
    new Promise((resolve) => {
      if (stream === null) return resolve();
      stream.on('data', (chunk: Buffer) => {
        // Once output is lost the pipes are still emptied, so that the command is not held up while it is ended.
        if (lost) return;
        try {
          output.write(name, chunk);
        } catch (error) {
          lost = true;
          const { code = 'unknown', message } = error as NodeJS.ErrnoException;
          fail({ kind: 'output-lost', code, detail: `output.log could not be written: ${message}` });
        }
      });
      stream.on('error', () => resolve());
      stream.once('close', () => resolve());
    });
  const closed = Promise.all([read(stdout, 'stdout'), read(stderr, 'stderr')]);
  return {
    closed,
    failed,
    destroy: () => {
      stdout?.destroy();
      stderr?.destroy();
    },
  };
}
