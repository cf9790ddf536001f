import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { writeFully } from './positioned';

const COPY_BYTES = 1024 * 1024;

/** The newest `cap` bytes of an output, in a file that is made with the first of them: what comes replaces what is oldest. */
export class TailRing {
  readonly #path: string;
  readonly #cap: number;
  #fd: number | undefined;
  #written = 0;

  constructor(path: string, cap: number) {
    this.#path = path;
    this.#cap = cap;
  }

  /** Bytes that ever came. */
  get written(): number {
    return this.#written;
  }

  /** Bytes that are no longer there. */
  get dropped(): number {
    return Math.max(0, this.#written - this.#cap);
  }

  /** Throws if the bytes could not be kept; `written` counts those that were. */
  write(bytes: Buffer): void {
    this.#fd ??= openSync(this.#path, 'w+', 0o600);
    for (let done = 0; done < bytes.length;) {
      const position = this.#written % this.#cap;
      const count = writeSync(this.#fd, bytes, done, Math.min(this.#cap - position, bytes.length - done), position);
      done += count;
      this.#written += count;
    }
  }

  /** Fills `into` with the bytes from `offset` on, which must not be dropped yet. Returns how many there were. */
  read(into: Buffer, offset: number): number {
    if (this.#fd === undefined) return 0;
    const length = Math.min(into.length, this.#written - offset);
    for (let done = 0; done < length;) {
      const position = (offset + done) % this.#cap;
      const count = readSync(this.#fd, into, done, Math.min(this.#cap - position, length - done), position);
      if (count === 0) return done;
      done += count;
    }
    return length;
  }

  /** Writes what is kept, oldest first, to another file from `position` on. Throws if it could not be done. */
  copyTo(fd: number, position: number): void {
    const buffer = Buffer.allocUnsafeSlow(COPY_BYTES);
    for (let from = this.dropped; from < this.#written;) {
      const count = this.read(buffer, from);
      if (count === 0) throw new Error(`${this.#path} is shorter than what was written to it`);
      writeFully(fd, buffer.subarray(0, count), position + from - this.dropped);
      from += count;
    }
  }

  /** The last at most `most` bytes. */
  newest(most: number): Buffer {
    const into = Buffer.allocUnsafe(Math.min(most, this.#written - this.dropped));
    return into.subarray(0, this.read(into, this.#written - into.length));
  }

  /** Gives the file up, and its room back. */
  remove(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
    try {
      unlinkSync(this.#path);
    } catch {
      // Not to be removed: the folder goes with the run.
    }
  }
}
