import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { cutMarker, type OutputMap } from './output-map';
import { decodePiece } from './output-log';
import type { OutputSource, Piece } from './output-source';
import { Segments } from './segments';

/** output.log of a run that this host does not write: one that is over, or (`growing`) one of another host. */
export class StoredOutput implements OutputSource {
  readonly #fd: number;
  readonly #map: OutputMap | null;
  readonly #segments: Segments;
  readonly #listeners = new Set<() => void>();
  #growing: boolean;

  /** @param map null: the file is taken as it is, all of it stdout. Throws if the file can't be opened. */
  constructor(path: string, map: OutputMap | null, growing: boolean) {
    this.#fd = openSync(path, 'r');
    this.#map = map;
    this.#segments = map === null ? new Segments() : new Segments(map.segments.first, map.segments.starts);
    this.#growing = growing;
  }

  get ended(): boolean {
    return !this.#growing;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The file may have grown, or (`over`) grows no more. */
  looked(over: boolean): void {
    this.#growing &&= !over;
    for (const listener of this.#listeners) listener();
  }

  read(offset: number, max: number): Piece | null {
    const total = this.#map?.total ?? fstatSync(this.#fd).size;
    const { headBytes, dropped, markerBytes } = this.#map ?? { headBytes: total, dropped: 0, markerBytes: 0 };
    if (offset >= total) return null;
    const tailStart = headBytes + dropped;
    if (dropped > 0 && offset >= headBytes && offset < tailStart) {
      return { offset, next: tailStart, stream: this.#segments.at(tailStart).stream, text: cutMarker(dropped) };
    }
    const { stream, end } = this.#segments.at(offset);
    const limit = Math.min(end, total, offset + max, offset < headBytes ? headBytes : Infinity);
    const bytes = Buffer.allocUnsafe(limit - offset);
    const count = readSync(
      this.#fd,
      bytes,
      0,
      bytes.length,
      offset < headBytes ? offset : offset - dropped + markerBytes,
    );
    return decodePiece(bytes.subarray(0, count), offset, stream, limit === Math.min(end, total) && !this.#growing);
  }

  close(): void {
    this.#listeners.clear();
    closeSync(this.#fd);
  }
}
