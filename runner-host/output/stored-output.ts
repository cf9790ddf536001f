import { closeSync, fstatSync, openSync } from 'node:fs';
import { filePosition, plainMap, type OutputMap } from './output-map';
import type { OutputSource, Piece } from './output-source';
import { readFully } from './positioned';
import { readPiece } from './read-piece';
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
    const map = this.#map ?? plainMap(fstatSync(this.#fd).size);
    const bytes = (from: number, to: number): Buffer => {
      const into = Buffer.allocUnsafe(to - from);
      return into.subarray(0, readFully(this.#fd, into, filePosition(map, from)));
    };
    return readPiece({ ...map, segments: this.#segments, endsWhole: !this.#growing, bytes }, offset, max);
  }

  close(): void {
    this.#listeners.clear();
    closeSync(this.#fd);
  }
}
