import { randomUUID } from 'node:crypto';
import { appendLine } from './append-line';
import { findConflict, unfit, type Conflict } from './apply';
import type { LedgerError } from './errors';
import { fromSystemError, ioFailure, undecided } from './failures';
import type { LedgerFiles } from './files';
import type { CommitOutcome, Transaction } from './ledger';
import { encodeLine, FORMAT_VERSION, type Group, type TransactionRecord } from './line-format';
import type { Replica } from './replica';
import type { TableName } from './rows';
import type { Segment } from './segment';
import { createSegment, flushFolders, segmentName } from './segment-files';
import { toRecord } from './transaction-rules';

export interface WriterOptions {
  files: LedgerFiles;
  directory: string;
  clock: { now(): number };
  /** A segment is sealed once it is this long. */
  segmentBytes: number;
  /** The present replica; `reopen` replaces it by one that was read afresh from disk. */
  replica(): Replica;
  reopen(): Promise<void>;
  /** Reads to the journal's end, in slices; `look` is one such slice and returns whether that was reached. */
  refresh(): Promise<void>;
  look(): boolean;
  /** @throws LedgerError when the ledger may only be read */
  refuseIfReadOnly(): void;
}

interface Entry {
  record: Omit<TransactionRecord, 'at'>;
  resolve: (outcome: CommitOutcome) => void;
  reject: (error: unknown) => void;
}

/** Calls that come while a group is being flushed form the next one; more than this wait one flush longer. */
const GROUP_SIZE = 64;
/** Opening, flushing or sealing a segment each take one round; other writers may make it a few more. */
const MAX_ROUNDS = 50;

/**
 * The commit protocol. The file's order decides between any number of writers, so nothing here locks; all that is asked of
 * this process is that nothing is awaited between reading the end of the journal and appending to it.
 */
export class Writer {
  private queue: Entry[] = [];
  /** What became of the transactions in flight, as their place in the file decided; undefined = not met yet. */
  private readonly outcomes = new Map<string, CommitOutcome | undefined>();
  private pumping: Promise<void> | undefined;
  /** Something went wrong with the descriptor: nothing that it says is believed any more. */
  private poisoned = false;
  /** The segment whose earlier bytes this process has flushed. */
  private flushed: Segment | undefined;

  constructor(private readonly options: WriterOptions) {}

  /** Told by the replica about every transaction that it meets. */
  readonly onTransaction = (transaction: TransactionRecord, conflict: Conflict | null): void => {
    const { x, at } = transaction;
    if (!this.outcomes.has(x) || this.outcomes.get(x)) return;
    this.outcomes.set(x, conflict ? lost(conflict) : { ok: true, id: x, at });
  };

  get busy(): boolean {
    return this.pumping !== undefined;
  }

  /** Whether it has something of its own in the journal as it is open now. */
  get wrote(): boolean {
    return this.flushed !== undefined && !this.poisoned;
  }

  /** @throws TypeError for a transaction that no caller may ask for */
  commit(transaction: Transaction): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.queue.push({ record: toRecord(randomUUID(), transaction), resolve, reject });
      this.pumping ??= this.pump();
    });
  }

  /**
   * Waits for the commits under way, then attests the last of them by an empty line, so that damage to it shows too.
   * That line needs no flush: losing it loses nothing.
   */
  async close(): Promise<void> {
    while (this.pumping) await this.pumping;
    const { segment, fault } = this.options.replica();
    if (!segment || segment !== this.flushed || fault || this.poisoned || segment.sealed) return;
    if (segment.attestation[0] <= segment.attested) return;
    try {
      this.appendTo(segment, []);
    } catch {
      // The next writer attests instead.
    }
  }

  private async pump(): Promise<void> {
    // Calls that are made in one go form one group.
    await Promise.resolve();
    while (this.queue.length > 0) {
      try {
        await this.round();
      } catch (error) {
        for (const entry of this.queue.splice(0)) entry.reject(fromSystemError(error, 'reading the journal'));
      }
    }
    // At once, not in a `finally` of the caller: a commit that came in between would wait for nobody.
    this.pumping = undefined;
  }

  private async round(): Promise<void> {
    let replica = this.atEnd();
    if (!replica) {
      await this.ready();
      replica = this.atEnd();
    }
    // From there to the append nothing is awaited: the view is the file's end as far as this process can know.
    const segment = replica?.segment;
    // It may have come to a seal, or gone on into a segment that has not been flushed yet: once more, then.
    if (!replica || !segment) return;
    const group = this.choose(replica);
    if (group.length === 0) return;
    let step: 'append' | 'flush' | 'read' = 'append';
    try {
      this.appendTo(segment, group);
      step = 'flush';
      const flushed = segment.flush();
      this.readAhead(replica);
      await flushed;
      step = 'read';
      replica.advance();
    } catch (error) {
      const cause = fromSystemError(error, `${step} of ${segmentName(segment.number)}`);
      if (step === 'append' && cause.code === 'disk-full') this.settle(group, cause);
      else await this.recover(group, cause, step === 'flush');
      return;
    }
    const unmet = group.some(({ record }) => !this.outcomes.get(record.x));
    if (unmet && segment.sealed) this.queue.unshift(...group);
    else if (unmet && !replica.fault) {
      await this.recover(group, ioFailure(`${segmentName(segment.number)}: a written line is not there`), false);
    } else {
      // The line may have been met before the damage was, which may be to the line itself.
      this.settle(group, replica.fault && undecided(replica.fault), replica.fault?.code !== 'damaged');
    }
  }

  /**
   * The replica, just read to the journal's end, if its segment may be appended to as it is; no promise is made for it.
   * @throws LedgerError if the journal cannot be read or the ledger may not be written
   */
  private atEnd(): Replica | undefined {
    const { look, refuseIfReadOnly, segmentBytes } = this.options;
    if (this.poisoned || !look()) return undefined;
    refuseIfReadOnly();
    const replica = this.options.replica();
    const { segment } = replica;
    return segment && !segment.sealed && segment === this.flushed && segment.position < segmentBytes
      ? replica
      : undefined;
  }

  /** Applies the own line while the disk is at work. What cannot be read now is read, or refused, after the flush. */
  private readAhead(replica: Replica): void {
    try {
      replica.readSeen();
    } catch {
      // Nothing is answered from it.
    }
  }

  /** Brings the replica to the journal's end, its segment open for writing, and everything before flushed once by this process. */
  private async ready(): Promise<void> {
    const { files, directory, segmentBytes, refresh, refuseIfReadOnly } = this.options;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (this.poisoned) await this.reopen();
      await refresh();
      refuseIfReadOnly();
      const replica = this.options.replica();
      const { segment } = replica;
      if (!segment || segment.sealed) {
        // Read before anything is awaited: the replica may go on into a segment that another process makes meanwhile.
        const { number, hash } = replica.nextSegment;
        // The seal must not be lost while a later segment stays.
        await segment?.flush();
        await createSegment(files, directory, number, hash);
      } else if (segment !== this.flushed) {
        await segment.flush();
        await flushFolders(files, directory, segment.number);
        this.flushed = segment;
      } else if (segment.position >= segmentBytes) {
        this.appendTo(segment, [], { seal: segment.number + 1 });
      } else {
        return;
      }
    }
    throw ioFailure(`${directory}: no segment to write to after ${MAX_ROUNDS} attempts`);
  }

  /** Takes the next group from the queue; those that have lost already are told at once. */
  private choose(replica: Replica): Entry[] {
    const group: Entry[] = [];
    for (const entry of this.queue.splice(0, GROUP_SIZE)) {
      const record = { ...entry.record, at: 0 };
      const misfit = unfit(replica.view, record);
      const conflict = misfit === null ? findConflict(replica.view, record.pre) : null;
      if (misfit !== null) entry.reject(new TypeError(`the ledger has no ${misfit}`));
      else if (conflict) entry.resolve(lost(conflict));
      else group.push(entry);
    }
    for (const { record } of group) this.outcomes.set(record.x, undefined);
    return group;
  }

  private appendTo(segment: Segment, group: readonly Entry[], more: Pick<Group, 'seal'> = {}): void {
    const at = this.options.clock.now();
    const tx = group.map(({ record }) => ({ ...record, at }));
    const written: Group = { v: FORMAT_VERSION, a: [...segment.attestation], tx, ...more };
    const line = encodeLine(written);
    appendLine(this.options.files, segment, line);
    segment.expect(line, written);
  }

  /** Reads everything afresh and looks the transactions up: nothing is assumed of what the failed descriptor said. */
  private async recover(group: readonly Entry[], cause: LedgerError, flushFailed: boolean): Promise<void> {
    for (const { record } of group) this.outcomes.set(record.x, undefined);
    let certain = !flushFailed;
    try {
      await this.reopen();
      const { segment } = this.options.replica();
      if (certain) await segment?.flush();
    } catch {
      this.poisoned = true;
      certain = false;
    }
    // After a failed flush the kernel may show bytes that never reach the disk: seeing the line there proves nothing.
    this.settle(group, cause, certain);
  }

  private async reopen(): Promise<void> {
    this.poisoned = true;
    this.flushed = undefined;
    await this.options.reopen();
    this.poisoned = false;
  }

  /** Answers with what the transaction's place in the file decided; if that is not known, or not `certain` to last, with the cause. */
  private settle(group: readonly Entry[], cause: LedgerError | undefined, certain = true): void {
    for (const { record, resolve, reject } of group) {
      const outcome = this.outcomes.get(record.x);
      this.outcomes.delete(record.x);
      if (outcome && certain) resolve(outcome);
      else reject(cause);
    }
  }
}

function lost(conflict: Conflict): CommitOutcome {
  const { key, expected, actual } = conflict;
  // Every table that reached the view is one of the view's.
  return { ok: false, table: conflict.table as TableName, key, expected, actual };
}
