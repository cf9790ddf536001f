import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SqlJsStatic } from 'sql.js';
import { applyTransaction, unfit, type Conflict } from './apply';
import { LedgerError } from './errors';
import { damaged, errnoOf, newerFormat } from './failures';
import type { LedgerFiles } from './files';
import { FIRST_HASH, type TransactionRecord } from './line-format';
import { Segment, type JournalLine } from './segment';
import { newestSegment, segmentName } from './segment-files';
import type { Manifest, Snapshot } from './snapshot-files';
import { View } from './view';

export interface ReplicaOptions {
  directory: string;
  files: LedgerFiles;
  sqlJs: SqlJsStatic;
  /** `append` falls back to `read` where the file may not be written. */
  mode: 'read' | 'append';
  /** Told of every transaction at its place in the journal; null = it was applied. */
  onTransaction?: (transaction: TransactionRecord, conflict: Conflict | null) => void;
  /** Told when lines were applied, or when it stopped. */
  onChange?: () => void;
}

/** How long the event loop is kept while a long journal is replayed. */
export const SLICE_MS = 8;

/** The journal read from its start or from a snapshot, segment by segment, into a view. Reading is synchronous, so that nothing moves in between. */
export class Replica {
  /** The present segment, once there is one. */
  segment: Segment | undefined;
  /** Set if a segment could only be opened for reading. */
  readOnlyCause: unknown;
  /** Lines with transactions that were read, from the journal's start on. */
  groups = 0;
  /** How many of them were in the snapshot that it began with, or 0. */
  resumedAt = 0;
  private stopped: LedgerError | undefined;
  private changed = new Set<string>();
  private closed = false;

  private constructor(
    readonly view: View,
    private readonly options: ReplicaOptions,
  ) {}

  /**
   * Reads everything there is, or everything behind the snapshot. Damage does not throw: it is in `fault`, and the view shows
   * the state up to it.
   * @throws LedgerError `damaged` if the snapshot does not fit the journal; whatever sql.js throws if it cannot be opened
   */
  static async open(options: ReplicaOptions, snapshot?: Snapshot): Promise<Replica> {
    const view = View.open(options.sqlJs, snapshot?.image);
    const replica = new Replica(view, options);
    try {
      if (snapshot) replica.resume(snapshot.manifest);
      await replica.readAll();
      return replica;
    } catch (error) {
      replica.close();
      throw error;
    }
  }

  /** Why it stopped for good: damage, a line that this version does not understand, or a view that failed. */
  get fault(): LedgerError | undefined {
    return this.stopped ?? this.view.failure;
  }

  set fault(fault: LedgerError | undefined) {
    this.stopped = fault;
  }

  /** Whether the journal goes on in a segment that does not exist yet. */
  get needsSegment(): boolean {
    return this.segment === undefined || this.segment.sealed;
  }

  get position(): { segment: number; byte: number } {
    return { segment: this.segment?.number ?? 0, byte: this.segment?.position ?? 0 };
  }

  /** The number and the starting hash of the segment to make when `needsSegment`. */
  get nextSegment(): { number: number; hash: string } {
    return { number: (this.segment?.number ?? 0) + 1, hash: this.segment?.hash ?? FIRST_HASH };
  }

  /** Ids of the items whose rows changed since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.changed;
    this.changed = new Set();
    return changed;
  }

  /**
   * Reads and applies to the end of the journal, or for about `budget` ms. Returns whether the end was reached.
   * @throws Node's system errors and `LedgerError` `io`; what was read before stays applied
   */
  advance(budget = Infinity): boolean {
    const until = performance.now() + budget;
    while (this.fault === undefined && !this.closed) {
      if (this.needsSegment && !this.openNext()) return true;
      if (!this.readSome() && !this.segment?.sealed) return true;
      if (this.segment?.ended && !this.segment.sealed) return true;
      if (performance.now() > until) return false;
    }
    return true;
  }

  /** `advance` for a journal of any length: the event loop goes on in between. */
  async catchUp(): Promise<void> {
    while (!this.advance(SLICE_MS)) await setImmediate();
  }

  /** Whether all that an older replica has read is still there. */
  continues({ segment: old }: Replica): boolean {
    if (!old) return true;
    const { segment } = this;
    if (!segment || segment.number !== old.number) return segment !== undefined && segment.number > old.number;
    const [byte, hash] = old.boundaries.floor(old.position) ?? [0, undefined];
    return segment.boundaries.at(byte) === hash;
  }

  close(): void {
    this.closed = true;
    this.segment?.close();
    this.segment = undefined;
    this.view.close();
  }

  /** Goes to the snapshot's place, once the bytes before it are proven to be those that it was made from. */
  private resume({ groups, segment: number, byte, hash, from: [start, startHash] }: Manifest): void {
    const { files, directory } = this.options;
    const opened = this.openSegment(join(directory, segmentName(number)));
    const advice = 'If you put an older journal in its place yourself, remove the snap- files';
    if (opened === null)
      throw damaged(segmentName(number), `the file is missing, though snap-${groups} was made from it. ${advice}`);
    this.segment = new Segment(files, opened, number, startHash, start);
    try {
      this.segment.passTo(byte, hash);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== 'damaged') throw error;
      throw damaged(this.segment.at(byte), `this is not the journal that snap-${groups} was made from. ${advice}`);
    }
    this.groups = groups;
    this.resumedAt = groups;
  }

  private async readAll(): Promise<void> {
    try {
      // Listed before it is read: a later segment is only ever made after the seal of the one before was on disk.
      const newest = newestSegment(this.options.files, this.options.directory);
      await this.catchUp();
      if (this.fault === undefined && this.position.segment < newest) {
        throw damaged(segmentName(this.position.segment), `it has no seal, though ${segmentName(newest)} exists`);
      }
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== 'damaged') throw error;
      this.fault = error;
    }
  }

  /** Reads what was in the file when its size was last asked for, without asking again. What cannot be read stays for `advance`. */
  readSeen(): void {
    if (this.fault === undefined && !this.closed && this.segment?.ended === false) this.readSome(true);
  }

  /** Returns whether any line was there. */
  private readSome(seen = false): boolean {
    const { segment, view } = this;
    if (!segment) return false;
    let any = false;
    try {
      for (const line of segment.readLines(seen)) {
        any = true;
        this.apply(line, segment);
        segment.accept(line);
        if (line.group && line.group.tx.length > 0) this.groups++;
        view.settle();
        if (segment.sealed || view.failure) break;
      }
    } catch (error) {
      this.stopAt(error);
      return any;
    }
    if (any) this.options.onChange?.();
    return any;
  }

  private apply({ start, group, own }: JournalLine, segment: Segment): void {
    if (!group) return;
    // What this process wrote was held against the tables before.
    for (const transaction of own ? [] : group.tx) {
      const misfit = unfit(this.view, transaction);
      if (misfit !== null) throw newerFormat(segment.at(start), `unknown ${misfit}`);
    }
    for (const transaction of group.tx) {
      const conflict = applyTransaction(this.view, transaction, this.changed);
      this.options.onTransaction?.(transaction, conflict);
    }
  }

  /** Everything before the line that failed is applied, nothing of it is. Only sql.js itself can fail in the middle of a line. */
  private stopAt(error: unknown): void {
    this.options.onChange?.();
    const known = error instanceof LedgerError || errnoOf(error) !== undefined;
    if (!known) this.view.fail(error);
    else if (error instanceof LedgerError && (error.code === 'damaged' || error.code === 'newer-format'))
      this.fault = error;
    else throw error;
  }

  private openNext(): boolean {
    const { number, hash } = this.nextSegment;
    const opened = this.openSegment(join(this.options.directory, segmentName(number)));
    if (opened === null) return false;
    this.segment?.close();
    this.segment = new Segment(this.options.files, opened, number, hash);
    return true;
  }

  private openSegment(path: string): number | null {
    const { files, mode } = this.options;
    try {
      try {
        return files.open(path, mode);
      } catch (error) {
        if (mode === 'read' || !['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error) ?? '')) throw error;
        const fd = files.open(path, 'read');
        this.readOnlyCause = error;
        return fd;
      }
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    }
  }
}
