import type { OutputStream } from './world';

export interface RealStream extends OutputStream {
  /** Whether anything was written. */
  readonly used: boolean;
  /** Resolves when everything is handed over, with the code of what went wrong: `ENOSPC`; null for a reader that went away. */
  flushed(): Promise<string | null>;
}

/**
 * A standard stream that never throws and never ends the process: `interlock log | head -1` closes the pipe early, and an
 * advance must not stop half way because nobody reads its progress.
 */
export function outputStream(stream: NodeJS.WriteStream): RealStream {
  let failure: NodeJS.ErrnoException | undefined;
  let pending = 0;
  let used = false;
  let drained = (): void => undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => (failure ??= error));
  const written = (error?: NodeJS.ErrnoException | null): void => {
    if (error) failure ??= error;
    pending -= 1;
    if (pending === 0) drained();
  };
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    get used() {
      return used;
    },
    write(text) {
      used = true;
      if (failure) return;
      pending += 1;
      stream.write(text, written);
    },
    async flushed() {
      if (pending > 0 && !failure) await new Promise<void>((resolve) => (drained = resolve));
      return failure === undefined || failure.code === 'EPIPE' ? null : (failure.code ?? failure.message);
    },
  };
}
