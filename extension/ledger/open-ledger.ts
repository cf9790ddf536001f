import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SqlJsStatic } from 'sql.js';
import { archiveHistories, isArchived, USUAL_HISTORIES } from './archive';
import type { LedgerError } from './errors';
import { closed, damaged, fromSystemError, notWritable, unsupportedFileSystem } from './failures';
import { unsupportedType } from './file-systems';
import { nodeFiles, type LedgerFiles } from './files';
import type {
  CommitOutcome,
  Ledger,
  LedgerAct,
  LedgerChange,
  LedgerHealth,
  LedgerReads,
  Transaction,
  VerifyFinding,
} from './ledger';
import { readActs, readHistory } from './journal-history';
import { createReads } from './reads';
import { recover } from './recover';
import { Replica, SLICE_MS, type ReplicaOptions } from './replica';
import type { TransitionRow } from './rows';
import { segmentName } from './segment-files';
import { SnapshotSchedule, USUAL_TIMES, type SnapshotTimes } from './snapshot-schedule';
import { verifyLedger } from './verify';
import { JournalWatch } from './watch';
import { Writer } from './writer';

/** Called once, when the ledger is opened. */
export type SqlJsLoader = () => Promise<SqlJsStatic>;

export interface OpenLedgerOptions {
  /** `<stateDir>/ledger`; made if it is missing. */
  directory: string;
  /** `loadSqlJs` is what the products pass. */
  sqlJs: SqlJsLoader;
  clock?: { now(): number };
  /** Whether commits of other processes are seen without asking. Default true; a short command has no need of it. */
  watch?: boolean;
  /** How often to look when no event came, in ms. */
  pollMs?: number;
  /** A segment is sealed once it is this long. */
  segmentBytes?: number;
  /** When snapshots are made; `USUAL_TIMES` if not given. */
  snapshots?: Partial<SnapshotTimes>;
  /** How many items the view holds the history of; `USUAL_HISTORIES` if not given. */
  histories?: number;
  /** The file calls; tests put a layer of faults between. */
  files?: LedgerFiles;
  platform?: NodeJS.Platform;
}

/**
 * Opens the ledger of a repository, in any number of processes at once.
 * Damage, a newer format, a file system or folder that does not allow writing: it opens read-only and its `health` says so.
 * @throws LedgerError when the folder cannot be read at all
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const { directory, files = nodeFiles, platform = process.platform } = options;
  try {
    const refusal = refuseFolder(files, directory, platform);
    const sqlJs = await options.sqlJs();
    const ledger = new EmbeddedLedger(options, files, sqlJs, refusal);
    await ledger.start();
    return ledger;
  } catch (error) {
    throw fromSystemError(error, `opening ${directory}`);
  }
}

/** Makes the folder if it can. Returns why the ledger may only be read, if so. */
function refuseFolder(files: LedgerFiles, directory: string, platform: NodeJS.Platform): LedgerError | undefined {
  const unsupported = unsupportedType(files, directory, platform);
  if (unsupported !== null) return unsupportedFileSystem(directory, unsupported);
  try {
    files.makeDirectory(directory);
    return undefined;
  } catch (error) {
    const failure = fromSystemError(error, `making ${directory}`);
    if (failure.code === 'not-writable') return failure;
    throw failure;
  }
}

class EmbeddedLedger implements Ledger {
  readonly read: LedgerReads;
  private readonly listeners = new Set<(change: LedgerChange) => void>();
  private readonly writer: Writer;
  private replica: Replica | undefined;
  private watching: JournalWatch | undefined;
  private snapshots: SnapshotSchedule | undefined;
  /** The last attempt to read failed; the next one may not. */
  private readFailure: LedgerError | undefined;
  private closing: Promise<void> | undefined;
  private announced = false;
  private toldFault: LedgerError | undefined;
  /** The number of the segment that is watched. */
  private followed: number | undefined;

  constructor(
    private readonly options: OpenLedgerOptions,
    private readonly files: LedgerFiles,
    private readonly sqlJs: SqlJsStatic,
    /** Why nothing may be written, known before anything was read. */
    private readonly refusal: LedgerError | undefined,
  ) {
    this.read = createReads(() => this.present().view);
    this.writer = new Writer({
      files,
      directory: options.directory,
      clock: options.clock ?? Date,
      segmentBytes: options.segmentBytes ?? 64 * 1024 * 1024,
      replica: () => this.present(),
      reopen: () => this.reopen(),
      refresh: () => this.refresh(),
      look: () => this.look(),
      refuseIfReadOnly: () => {
        const failure = this.failure();
        if (failure) throw failure;
      },
    });
  }

  async start(): Promise<void> {
    this.replica = await recover(this.replicaOptions());
    this.replica.takeChanged();
    this.snapshots = this.scheduleSnapshots(this.replica.resumedAt);
    if (this.options.watch === false) return;
    const { directory, pollMs = 2000, platform = process.platform } = this.options;
    this.watching = new JournalWatch(this.files, directory, () => this.glance(), pollMs, platform);
    this.follow();
  }

  get health(): LedgerHealth {
    const failure = this.closing ? closed() : this.failure();
    if (!failure) return { mode: 'open' };
    return { mode: 'read-only', code: failure.code, reason: failure.detail, remedy: failure.remedy };
  }

  async refresh(): Promise<void> {
    const replica = this.present();
    while (!this.look(replica)) await setImmediate();
    // Listeners are told before the caller goes on.
    if (this.announced) await Promise.resolve();
  }

  /** What an event calls: mostly it is of an own write, and there is nothing to read. */
  private glance(): void {
    try {
      if (!this.look()) void this.refresh().catch(() => undefined);
    } catch {
      // `health` tells
    }
  }

  /** Reads on for a moment. Returns whether the journal's end was reached. */
  private look(replica = this.present()): boolean {
    try {
      const ended = replica.advance(SLICE_MS);
      const recovered = ended && this.readFailure !== undefined;
      if (recovered) this.readFailure = undefined;
      // A query may have met the fault: it tells nobody.
      if (recovered || replica.fault !== this.toldFault) this.announce();
      return ended;
    } catch (error) {
      if (!this.readFailure) this.announce();
      this.readFailure = fromSystemError(error, `reading ${this.options.directory}`);
      throw this.readFailure;
    }
  }

  commit(transaction: Transaction): Promise<CommitOutcome> {
    return this.closing ? Promise.reject(closed()) : this.writer.commit(transaction);
  }

  onChange(listener: (change: LedgerChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async history(item?: string): Promise<TransitionRow[]> {
    await this.refresh();
    if (!isArchived(this.present().view, item)) return this.read.transitions(item);
    return readHistory({ ...this.storage(), mode: 'read' }, item);
  }

  async acts(item?: string): Promise<LedgerAct[]> {
    await this.refresh();
    const { acts, fault } = await readActs({ ...this.storage(), mode: 'read' }, item);
    if (fault && this.failure() === undefined) throw fault;
    return acts;
  }

  verify(): Promise<VerifyFinding[]> {
    return verifyLedger({ ...this.storage(), mode: 'read' }, () => this.present());
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.watching?.close();
    this.listeners.clear();
    await this.snapshots?.rest();
    await this.writer.close();
    await this.snapshots?.close();
    this.replica?.close();
    this.replica = undefined;
  }

  private present(): Replica {
    if (!this.replica) throw closed();
    return this.replica;
  }

  private failure(): LedgerError | undefined {
    const { replica } = this;
    const cause = replica?.readOnlyCause;
    return (
      this.refusal ??
      replica?.fault ??
      this.readFailure ??
      (cause === undefined ? undefined : notWritable(cause instanceof Error ? cause.message : String(cause), cause))
    );
  }

  private storage(): Pick<ReplicaOptions, 'directory' | 'files' | 'sqlJs'> {
    return { directory: this.options.directory, files: this.files, sqlJs: this.sqlJs };
  }

  private replicaOptions(): ReplicaOptions {
    return {
      ...this.storage(),
      mode: this.refusal ? 'read' : 'append',
      onTransaction: this.writer.onTransaction,
      onChange: () => this.announce(),
    };
  }

  private scheduleSnapshots(newest: number): SnapshotSchedule {
    const { files, options, writer } = this;
    const moment = () => {
      if (!writer.wrote || this.failure()) return 'never';
      return writer.busy ? 'busy' : 'idle';
    };
    const times = { ...USUAL_TIMES, ...options.snapshots };
    const replica = () => this.present();
    const tidy = () =>
      archiveHistories({
        view: () => this.present().view,
        commit: (transaction) => writer.commit(transaction),
        now: () => (options.clock ?? Date).now(),
        kept: options.histories ?? USUAL_HISTORIES,
      });
    return new SnapshotSchedule({ files, directory: options.directory, replica, times, moment, tidy }, newest);
  }

  /** Reads everything again from the journal's start with a new descriptor. What was read before must still be there: else it is damage. */
  private async reopen(): Promise<void> {
    const old = this.present();
    const fresh = await Replica.open(this.replicaOptions());
    const fault =
      fresh.fault ??
      (fresh.continues(old) ? undefined : damaged(this.options.directory, 'what was read before is gone'));
    if (fault) {
      old.fault = fault;
      fresh.close();
    } else {
      this.replica = fresh;
      old.close();
    }
    this.announce();
  }

  /** One event for all that changed in one turn of the event loop. */
  private announce(): void {
    if (this.announced) return;
    this.announced = true;
    queueMicrotask(() => {
      this.announced = false;
      if (!this.replica || this.closing) return;
      this.toldFault = this.replica.fault;
      this.follow();
      this.snapshots?.note();
      const change = { items: this.replica.takeChanged(), health: this.health };
      // Each on its own: a listener that throws takes nothing from the others.
      for (const listener of this.listeners) queueMicrotask(() => listener(change));
    });
  }

  private follow(): void {
    const number = this.replica?.segment?.number ?? 0;
    if (number === this.followed) return;
    this.followed = number;
    this.watching?.follow(number === 0 ? undefined : join(this.options.directory, segmentName(number)));
  }
}
