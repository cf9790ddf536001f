import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { cutMarker, filePosition, type Cut } from './output-map';
import { readFully, writeFully } from './positioned';
import { TailRing } from './tail-ring';

/** What is beyond the head is written twice: a quarter of all is long enough to tell the end, and short enough to be copied. */
const TAIL_SHARE = 4;
const ON_FULL_DISK_BYTES = 1024 * 1024;

/** The first and the newest bytes of an output: those in the file itself, these beside it in `<path>.tail` until `join`. */
export class KeptBytes {
  readonly #fd: number;
  readonly #headCap: number;
  readonly #tail: TailRing;
  #headBytes = 0;
  #joined: Cut | undefined;

  /**
   * @param cap bytes kept at most, at least 4
   * @throws the system's error if the file can't be made
   */
  constructor(path: string, cap: number) {
    this.#headCap = cap - Math.floor(cap / TAIL_SHARE);
    this.#tail = new TailRing(`${path}.tail`, cap - this.#headCap);
    this.#fd = openSync(path, 'w+', 0o600);
  }

  /** Bytes that came, kept or not. */
  get total(): number {
    return this.#headBytes + this.#tail.written;
  }

  /** What is gone, as it is now. */
  get cut(): Cut {
    return this.#joined ?? this.#cut(this.#tail.dropped, 0);
  }

  /** Throws if the bytes could not be kept; `total` counts those that were. */
  append(bytes: Buffer): void {
    let done = 0;
    while (done < bytes.length && this.#headBytes < this.#headCap) {
      const room = this.#headCap - this.#headBytes;
      const count = writeSync(this.#fd, bytes, done, Math.min(room, bytes.length - done), this.#headBytes);
      done += count;
      this.#headBytes += count;
    }
    if (done < bytes.length) this.#tail.write(bytes.subarray(done));
  }

  /** The bytes between two offsets of which none is dropped; fewer if there are not so many. */
  read(from: number, to: number): Buffer {
    const into = Buffer.allocUnsafe(to - from);
    if (this.#joined !== undefined)
      return into.subarray(0, readFully(this.#fd, into, filePosition(this.#joined, from)));
    const inHead = Math.max(0, Math.min(to, this.#headBytes) - from);
    const count = readFully(this.#fd, into.subarray(0, inHead), from);
    if (count < inHead) return into.subarray(0, count);
    return into.subarray(0, inHead + this.#tail.read(into.subarray(inHead), from + inHead - this.#headBytes));
  }

  /** Puts all into the one file; on a full disk only as much of the tail as there is room for. Never throws. */
  join(): Cut {
    const tail = this.#tail;
    try {
      this.#joined ??= this.#appendTail(tail.dropped, (position) => tail.copyTo(this.#fd, position));
    } catch {
      this.#joined = this.#appendNewest();
    }
    tail.remove();
    return this.#joined;
  }

  close(): void {
    this.#tail.remove();
    closeSync(this.#fd);
  }

  #appendNewest(): Cut {
    const tail = this.#tail;
    try {
      const newest = tail.newest(ON_FULL_DISK_BYTES);
      // Its file gives room for what it held last.
      tail.remove();
      return this.#appendTail(tail.written - newest.length, (position) => writeFully(this.#fd, newest, position));
    } catch {
      return this.#cut(tail.written, 0);
    }
  }

  /** Puts the mark for what was dropped, if anything was, and the rest of the tail behind the head. */
  #appendTail(dropped: number, append: (position: number) => void): Cut {
    const mark = Buffer.from(dropped > 0 ? cutMarker(dropped) : '');
    ftruncateSync(this.#fd, this.#headBytes);
    writeFully(this.#fd, mark, this.#headBytes);
    append(this.#headBytes + mark.length);
    return this.#cut(dropped, mark.length);
  }

  #cut(dropped: number, markerBytes: number): Cut {
    return { headBytes: this.#headBytes, dropped, markerBytes };
  }
}
