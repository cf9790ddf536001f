import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { cutMarker, type OutputMap } from './output-map';
import type { OutputSource, Piece } from './output-source';
import { Segments, type Stream } from './segments';
import { incompleteTail, orphanedHead } from './utf8';

const COPY_BYTES = 1024 * 1024;

/**
 * output.log while its run goes on. Up to `cap` bytes it is the plain output; from then on its second half is a ring that holds
 * the newest bytes, and `finish` puts head, mark and tail in order. Writing is synchronous: order between the streams is kept,
 * nothing piles up in memory, and a full disk is known at the write that met it (throws ENOSPC).
 */
export class OutputLog implements OutputSource {
  readonly #path: string;
  readonly #fd: number;
  readonly #headCap: number;
  readonly #tailCap: number;
  readonly #segments = new Segments();
  readonly #held: Record<Stream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #listeners = new Set<() => void>();
  #total = 0;
  #ended = false;
  #map: OutputMap | undefined;
  #readFd: number;

  /** @param cap bytes kept at most, at least 2 */
  constructor(path: string, cap: number) {
    this.#path = path;
    this.#headCap = Math.floor(cap / 2);
    this.#tailCap = cap - this.#headCap;
    this.#fd = openSync(path, 'w+', 0o600);
    this.#readFd = this.#fd;
  }

  /** Bytes that the command wrote, kept or not. */
  get total(): number {
    return this.#total + this.#held.stdout.length + this.#held.stderr.length;
  }

  get dropped(): number {
    return this.#map?.dropped ?? Math.max(0, this.#total - this.#headCap - this.#tailCap);
  }

  get ended(): boolean {
    return this.#ended;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Appends; the beginning of a character whose rest is still to come is held back, so no other stream's bytes get into it. */
  write(stream: Stream, chunk: Buffer): void {
    const held = this.#held[stream];
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const keep = incompleteTail(bytes);
    this.#held[stream] = Buffer.from(bytes.subarray(bytes.length - keep));
    this.#append(stream, bytes.subarray(0, bytes.length - keep));
    this.#tellListeners();
  }

  /** Ends the output: writes what was held back and orders the file. Returns the map to keep beside it. */
  finish(): OutputMap {
    if (this.#map !== undefined) return this.#map;
    try {
      for (const stream of ['stdout', 'stderr'] as const) {
        const held = this.#held[stream];
        this.#held[stream] = Buffer.alloc(0);
        this.#append(stream, held);
      }
      this.#map = this.dropped > 0 ? this.#order() : this.#mapOf(this.#total, 0, 0);
      fsyncSync(this.#fd);
    } finally {
      this.#map ??= this.#mapOf(Math.min(this.#total, this.#headCap), Math.max(0, this.#total - this.#headCap), 0);
      this.#ended = true;
      this.#tellListeners();
    }
    return this.#map;
  }

  /** Gives the file back; nothing can be read after. */
  close(): void {
    if (this.#readFd !== this.#fd) closeSync(this.#readFd);
    closeSync(this.#fd);
    this.#listeners.clear();
  }

  read(offset: number, max: number): Piece | null {
    if (offset >= this.#total) return null;
    const tailStart = this.#headCap + this.dropped;
    if (this.dropped > 0 && offset >= this.#headCap && offset < tailStart) {
      const { stream } = this.#segments.at(tailStart);
      return { offset, next: tailStart, stream, text: cutMarker(this.dropped) };
    }
    const { stream, end } = this.#segments.at(offset);
    const limit = Math.min(
      end,
      this.#total,
      offset + max,
      this.dropped > 0 && offset < this.#headCap ? this.#headCap : Infinity,
    );
    return decodePiece(this.#readKept(offset, limit - offset), offset, stream, limit === Math.min(end, this.#total));
  }

  #append(stream: Stream, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#segments.note(this.#total, stream);
    let done = 0;
    while (done < bytes.length) {
      const { position, room } = this.#place(this.#total);
      const count = Math.min(room, bytes.length - done);
      const written = writeSync(this.#fd, bytes, done, count, position);
      done += written;
      this.#total += written;
    }
  }

  /** Where the byte at an offset stands in the unordered file, and how many follow it in one piece. */
  #place(offset: number): { position: number; room: number } {
    const past = offset - this.#headCap;
    if (past < 0) return { position: offset, room: -past };
    const inRing = past % this.#tailCap;
    return { position: this.#headCap + inRing, room: this.#tailCap - inRing };
  }

  #readKept(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { position, room } = this.#ordered(offset + done);
      const count = readSync(this.#readFd, bytes, done, Math.min(room, length - done), position);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  /** As `#place`, also for the file that `#order` has made. */
  #ordered(offset: number): { position: number; room: number } {
    if (this.#readFd === this.#fd) return this.#place(offset);
    const shift = offset < this.#headCap ? 0 : (this.#map?.markerBytes ?? 0) - (this.#map?.dropped ?? 0);
    return { position: offset + shift, room: Number.POSITIVE_INFINITY };
  }

  #mapOf(headBytes: number, dropped: number, markerBytes: number): OutputMap {
    return { total: this.#total, headBytes, dropped, markerBytes, segments: this.#segments.toJSON() };
  }

  /** Writes head, mark and tail to a new file that takes the log's place. Without room for it the head alone stays. */
  #order(): OutputMap {
    const dropped = this.dropped;
    const marker = Buffer.from(cutMarker(dropped));
    const temporary = `${this.#path}.ordered`;
    try {
      const fd = openSync(temporary, 'w+', 0o600);
      try {
        this.#copy(fd, 0, this.#headCap);
        writeSync(fd, marker);
        this.#copy(fd, this.#headCap + dropped, this.#total);
        fsyncSync(fd);
        renameSync(temporary, this.#path);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      this.#readFd = fd;
      return this.#mapOf(this.#headCap, dropped, marker.length);
    } catch {
      removeIfThere(temporary);
      return this.#keepHead();
    }
  }

  #copy(fd: number, from: number, to: number): void {
    for (let at = from; at < to;) {
      const bytes = this.#readKept(at, Math.min(COPY_BYTES, to - at));
      if (bytes.length === 0) throw new Error('output.log is shorter than what was written to it');
      writeSync(fd, bytes);
      at += bytes.length;
    }
  }

  #keepHead(): OutputMap {
    const dropped = this.#total - this.#headCap;
    const marker = Buffer.from(cutMarker(dropped));
    ftruncateSync(this.#fd, this.#headCap);
    writeSync(this.#fd, marker, 0, marker.length, this.#headCap);
    return this.#mapOf(this.#headCap, dropped, marker.length);
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** @param whole whether these bytes reach the end of what there is: then an unfinished character is not waited for */
export function decodePiece(bytes: Buffer, offset: number, stream: Stream, whole: boolean): Piece | null {
  if (bytes.length === 0) return null;
  const skipped = orphanedHead(bytes);
  const open = whole ? 0 : incompleteTail(bytes);
  // A lone fragment is given as it is: holding it back would stop the reader for good.
  const text = bytes.length === skipped + open ? bytes : bytes.subarray(skipped, bytes.length - open);
  const next = offset + (bytes.length === skipped + open ? bytes.length : bytes.length - open);
  return { offset, next, stream, text: text.toString('utf8') };
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Not there, or not to be removed: the log itself is what counts.
  }
}
