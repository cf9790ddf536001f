/**
 * The rolling hash at the end of every line of one segment that was read: what an attestation is checked against.
 * Ends come in rising order.
 */
export class Boundaries {
  private readonly ends: number[];
  private readonly hashes: string[];

  constructor(start: number, hash: string) {
    this.ends = [start];
    this.hashes = [hash];
  }

  add(end: number, hash: string): void {
    this.ends.push(end);
    this.hashes.push(hash);
  }

  /** The hash at exactly this byte, or undefined if no line ends there. */
  at(byte: number): string | undefined {
    const index = this.indexOfFloor(byte);
    return this.ends[index] === byte ? this.hashes[index] : undefined;
  }

  /** The last boundary at or before this byte. */
  floor(byte: number): readonly [byte: number, hash: string] | undefined {
    const index = this.indexOfFloor(byte);
    const end = this.ends[index];
    const hash = this.hashes[index];
    return end === undefined || hash === undefined ? undefined : [end, hash];
  }

  private indexOfFloor(byte: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ends[middle] ?? Infinity) <= byte) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
