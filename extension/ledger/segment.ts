import { Boundaries } from './boundaries';
import type { LedgerError } from './errors';
import { damaged } from './failures';
import type { LedgerFiles } from './files';
import { decodeLine, parseGroup, rollHash, splitLines, type Group } from './line-format';
import { segmentName } from './segment-files';

/** A complete line at its place. `group` is null for a blank line and for garbage that a dead writer left. */
export interface JournalLine {
  start: number;
  bytes: Buffer;
  group: Group | null;
  /** This process appended it, and met it again byte for byte. */
  own?: true;
}

const READ_BYTES = 256 * 1024;
/** How much of the journal before a snapshot's offset is checked when it is used; later lines mostly attest boundaries in there. */
const PROOF_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** Reads one segment file forwards, line by line, and keeps its rolling hash. Owns the descriptor. */
export class Segment {
  /** The end of the last accepted line. */
  position: number;
  readonly boundaries: Boundaries;
  /** The furthest boundary that any accepted line attests. */
  attested = 0;
  /** Bytes up to here were flushed by this process. */
  synced: number;
  sealed = false;
  /** The line that this process appended last, without its leading newline. */
  private own: { bytes: Buffer; group: Group } | undefined;
  /** The file's size when it was last asked for. */
  private seen = 0;
  private flushing = 0;
  private closed = false;

  constructor(
    private readonly files: LedgerFiles,
    readonly fd: number,
    readonly number: number,
    /** The rolling hash at `position`: first that at the end of the segment before. */
    public hash: string,
    /** Where reading begins: 0, or a boundary that was once flushed. */
    private readonly start = 0,
  ) {
    this.position = start;
    this.synced = start;
    this.boundaries = new Boundaries(start, hash);
  }

  /**
   * The next complete lines, checked one by one; none at the end of the file. Each must be accepted before the next is asked for.
   * @param seen as far as the size that was last asked for, instead of the present one
   * @throws LedgerError `damaged` or `newer-format`; the position stays before that line
   */
  *readLines(seen = false): Generator<JournalLine> {
    for (const bytes of splitLines(this.readAhead(seen ? this.seen : this.size()))) yield this.check(bytes);
    if (this.position <= 1) throw this.noOpening();
  }

  /** Whether all is accepted that was in the file when its size was last asked for. */
  get ended(): boolean {
    return this.position >= this.seen;
  }

  /**
   * Moves to where a snapshot was made.
   * @throws LedgerError `damaged` if the lines up to there are not those that were read then
   */
  passTo(byte: number, hash: string): void {
    for (let before = -1; this.position < byte && this.position !== before;) {
      before = this.position;
      for (const line of this.readLines()) {
        this.accept(line);
        if (this.position >= byte) break;
      }
    }
    if (this.position !== byte || this.hash !== hash) {
      throw damaged(this.at(byte), 'the bytes before are not those that were written');
    }
  }

  /** A boundary a little before the position: where a snapshot has its proof begin. */
  boundaryBefore(): [byte: number, hash: string] {
    const [byte, hash] = this.boundaries.floor(Math.max(this.start, this.position - PROOF_BYTES)) ?? [0, this.hash];
    return [byte, hash];
  }

  /** Tells what was appended: met again byte for byte, it need not be taken apart. */
  expect(line: Buffer, group: Group): void {
    this.own = { bytes: line.subarray(1), group };
  }

  /** Moves behind the line. */
  accept({ start, bytes, group }: JournalLine): void {
    this.hash = rollHash(this.hash, bytes);
    this.position = start + bytes.length;
    if (bytes.length > 1) this.boundaries.add(this.position, this.hash);
    if (group) this.attested = Math.max(this.attested, group.a[0]);
    if (group?.seal !== undefined) this.sealed = true;
  }

  /** The boundary to attest: the last one that this process flushed. */
  get attestation(): readonly [byte: number, hash: string] {
    return this.boundaries.floor(this.synced) ?? [0, this.hash];
  }

  /** @throws LedgerError `damaged` if the file was removed, replaced or cut since it was read */
  size(): number {
    const { size, links } = this.files.stat(this.fd);
    if (links === 0) throw damaged(segmentName(this.number), 'the file was removed or replaced');
    if (size < this.position) throw damaged(this.at(size), `the file was cut: it was read up to byte ${this.position}`);
    this.seen = size;
    return size;
  }

  at(byte: number): string {
    return `${segmentName(this.number)} at byte ${byte}`;
  }

  /** Puts everything that is in the file now on disk; it may be attested from then on. Others may read on meanwhile. */
  async flush(): Promise<void> {
    const size = this.size();
    this.flushing++;
    try {
      await this.files.sync(this.fd);
      this.synced = size;
    } finally {
      this.flushing--;
      if (this.closed && this.flushing === 0) this.files.close(this.fd);
    }
  }

  /** A descriptor that is being flushed stays open until then: its number must not become another file's. */
  close(): void {
    this.closed = true;
    if (this.flushing === 0) this.files.close(this.fd);
  }

  /** About `READ_BYTES` from the position on, but at least one line if there is one. */
  private readAhead(end: number): Buffer {
    const rest = end - this.position;
    if (rest === 0) return NOTHING;
    for (let length = Math.min(rest, READ_BYTES); ; length = Math.min(rest, length * 2)) {
      const buffer = Buffer.allocUnsafe(length);
      const bytes = buffer.subarray(0, this.files.read(this.fd, buffer, this.position));
      if (length === rest || bytes.length < length || bytes.includes(0x0a)) return bytes;
    }
  }

  private check(bytes: Buffer): JournalLine {
    const start = this.position;
    if (this.own?.bytes.equals(bytes)) return { ...this.checkGroup(bytes, this.own.group, start), own: true };
    let decoded = decodeLine(bytes.subarray(0, -1));
    if (decoded === 'garbage') {
      // A read that overlaps another process's write may see a part of it: look again before saying so.
      bytes = Buffer.allocUnsafe(bytes.length);
      this.files.read(this.fd, bytes, start);
      decoded = decodeLine(bytes.subarray(0, -1));
    }
    if (decoded === 'garbage' && start <= 1) throw this.noOpening();
    if (decoded === null || decoded === 'garbage') return { start, bytes, group: null };
    return this.checkGroup(bytes, parseGroup(decoded.json, this.at(start)), start);
  }

  private checkGroup(bytes: Buffer, group: Group, start: number): JournalLine {
    this.checkAttestation(group, start);
    if (start <= 1 !== (group.open !== undefined) || (group.open ?? this.number) !== this.number)
      throw this.noOpening();
    if ((group.seal ?? this.number + 1) !== this.number + 1)
      throw damaged(this.at(start), `it names segment ${group.seal} as the next`);
    return { start, bytes, group };
  }

  private checkAttestation(group: Group, start: number): void {
    const [byte, hash] = group.a;
    // Before what was read here: such an attestation was known to the snapshot's maker, or is left to `verify`.
    if (byte >= 0 && byte < this.start) return;
    const found = this.boundaries.at(byte);
    if (found === hash) return;
    const what = found === undefined ? 'no line ends' : 'the bytes before are not those that were written';
    throw damaged(this.at(byte), `${what} there, says the line at byte ${start}`);
  }

  private noOpening(): LedgerError {
    return damaged(segmentName(this.number), 'the file does not begin with its opening line');
  }
}
