export type Stream = 'stdout' | 'stderr';

/** Beyond this many changes of stream the rest counts to the last one: the record must not grow with a hostile output. */
const MOST = 20_000;

/** Which stretch of the output came from which stream. Starts are offsets, ascending. */
export class Segments {
  readonly #starts: number[];
  readonly #first: Stream;

  constructor(first: Stream = 'stdout', starts: number[] = []) {
    this.#first = first;
    this.#starts = starts;
  }

  /** Notes that the bytes from `offset` on come from `stream`. */
  note(offset: number, stream: Stream): void {
    if (this.#streamAfter(this.#starts.length) !== stream && this.#starts.length < MOST) this.#starts.push(offset);
  }

  /** The stream of the byte at `offset`, and where that stretch ends (Infinity for the last one). */
  at(offset: number): { stream: Stream; end: number } {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return { stream: this.#streamAfter(low), end: this.#starts[low] ?? Number.POSITIVE_INFINITY };
  }

  toJSON(): { first: Stream; starts: number[] } {
    return { first: this.#first, starts: this.#starts };
  }

  #streamAfter(changes: number): Stream {
    const other = this.#first === 'stdout' ? 'stderr' : 'stdout';
    return changes % 2 === 0 ? this.#first : other;
  }
}
