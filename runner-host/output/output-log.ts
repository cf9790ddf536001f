import { KeptBytes } from './kept-bytes';
import type { OutputMap } from './output-map';
import type { OutputSource, Piece } from './output-source';
import { readPiece } from './read-piece';
import { Segments, type Stream } from './segments';
import { incompleteTail } from './utf8';

/**
 * output.log while its run goes on: of what is beyond `cap` bytes, head and tail are kept. Writing is synchronous: order
 * between the streams is kept, nothing piles up in memory, and a full disk is known at the write that met it (throws ENOSPC).
 */
export class OutputLog implements OutputSource {
  readonly #kept: KeptBytes;
  readonly #segments = new Segments();
  readonly #held: Record<Stream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #listeners = new Set<() => void>();
  #ended = false;

  /** @param cap bytes kept at most, at least 4: three quarters of head, one of tail */
  constructor(path: string, cap: number) {
    this.#kept = new KeptBytes(path, cap);
  }

  /** Bytes that the command wrote, kept or not. */
  get total(): number {
    return this.#kept.total + this.#held.stdout.length + this.#held.stderr.length;
  }

  get dropped(): number {
    return this.#kept.cut.dropped;
  }

  get ended(): boolean {
    return this.#ended;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Appends, and does not hold on to `chunk`. The beginning of a character whose rest is still to come is held back, so that
   * no other stream's bytes get into it.
   */
  write(stream: Stream, chunk: Buffer): void {
    const held = this.#held[stream];
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const keep = incompleteTail(bytes);
    this.#held[stream] = Buffer.from(bytes.subarray(bytes.length - keep));
    this.#append(stream, bytes.subarray(0, bytes.length - keep));
    this.#tellListeners();
  }

  /**
   * Ends the output: writes what was held back and makes one file of it. Returns the map to keep beside it; throws as `write`.
   * Not flushed to the disk, which takes longer than all else: after a loss of power the log, and it alone, can be short.
   */
  finish(): OutputMap {
    try {
      for (const stream of ['stdout', 'stderr'] as const) {
        const held = this.#held[stream];
        this.#held[stream] = Buffer.alloc(0);
        this.#append(stream, held);
      }
    } finally {
      this.#kept.join();
      this.#ended = true;
      this.#tellListeners();
    }
    return { total: this.#kept.total, ...this.#kept.cut, segments: this.#segments.toJSON() };
  }

  /** Gives the file back; nothing can be read after. */
  close(): void {
    this.#kept.close();
    this.#listeners.clear();
  }

  read(offset: number, max: number): Piece | null {
    const kept = this.#kept;
    const bytes = (from: number, to: number): Buffer => kept.read(from, to);
    return readPiece({ total: kept.total, ...kept.cut, segments: this.#segments, endsWhole: true, bytes }, offset, max);
  }

  #append(stream: Stream, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#segments.note(this.#kept.total, stream);
    this.#kept.append(bytes);
  }

  #tellListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}
