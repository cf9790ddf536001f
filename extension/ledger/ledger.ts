import type {
  AlertRow,
  AnchorRow,
  ArtifactRow,
  HoldRow,
  ItemRow,
  JobRow,
  LandingRow,
  LeaseRow,
  QueueRow,
  RatchetRow,
  ReservationRow,
  RunRow,
  SwitchRow,
  TableName,
  Tables,
  TransitionRow,
  VerdictRow,
  WaiverRow,
} from './rows';

/** A precondition: the row with this key has these values in these columns; `null` = there is no such row. */
export type Precondition = {
  [T in TableName]: readonly [table: T, key: string, expected: Partial<Tables[T]> | null];
}[TableName];
export type Put = { [T in TableName]: readonly [table: T, row: Tables[T]] }[TableName];
export type Delete = readonly [table: TableName, key: string];

/**
 * All or nothing: applied if every precondition holds at its place in the journal, else void. There is no unconditional write:
 * what puts or deletes an item names its expected stage and revision, what puts or deletes a lease its token, or that there is none.
 */
export interface Transaction {
  /** Who: `person:<name>`, `cli:<name>`, `timer`, `reconciler`. */
  actor: string;
  /** What happened, in one word: `advance`, `hold`, `run-settled`. */
  event: string;
  pre: readonly Precondition[];
  put?: readonly Put[];
  del?: readonly Delete[];
}

/** A lost race is an outcome, not an error: it names the precondition that failed and what stands there instead. */
export type CommitOutcome =
  | { ok: true; id: string; at: number }
  | {
      ok: false;
      table: TableName;
      key: string;
      expected: Readonly<Record<string, unknown>> | null;
      actual: Readonly<Record<string, unknown>> | null;
    };

/** `read-only` is loud: the reason and the remedy are shown wherever the ledger is. Reads go on, commits throw `LedgerError`. */
export type LedgerHealth =
  { mode: 'open' } | { mode: 'read-only'; code: LedgerErrorCode; reason: string; remedy: string };

export type LedgerErrorCode =
  'damaged' | 'newer-format' | 'unsupported-file-system' | 'not-writable' | 'disk-full' | 'io' | 'closed';

/** What can be asked of the view. Everything returned is a copy; rows come in a stable order (by id, or by time where said). */
export interface LedgerReads {
  items(): ItemRow[];
  item(id: string): ItemRow | undefined;
  /** Oldest first. Those of long closed items are in the journal only, their runs and all that came of them too: `Ledger.history`. */
  transitions(item?: string): TransitionRow[];
  job(run: string): JobRow | undefined;
  /** Jobs without a result yet, oldest first. */
  openJobs(item?: string): JobRow[];
  run(id: string): RunRow | undefined;
  /** Newest first; without control runs. */
  runs(item: string): RunRow[];
  /** Runs of anybody's test command on this tree, started to hold an item's run against; newest first. */
  controls(tree: string): RunRow[];
  verdict(run: string): VerdictRow | undefined;
  /** Newest first. */
  verdicts(item: string): VerdictRow[];
  artifacts(item: string): ArtifactRow[];
  lease(item: string): LeaseRow | undefined;
  leases(): LeaseRow[];
  hold(item: string): HoldRow | undefined;
  switches(): SwitchRow[];
  /** Not yet acknowledged, oldest first. */
  alerts(): AlertRow[];
  anchor(item: string): AnchorRow | undefined;
  waivers(item: string): WaiverRow[];
  reservations(): ReservationRow[];
  queue(base: string): QueueRow | undefined;
  /** Newest first. */
  landings(item: string): LandingRow[];
  ratchet(base: string): RatchetRow | undefined;
}

/** Something that was done besides moving an item on: by whom, when, why, and the evidence for it. */
export interface LedgerAct {
  at: number;
  actor: string;
  act:
    | 'landed'
    | 'waived'
    | 'number-reserved'
    | 'number-freed'
    | 'queue-frozen'
    | 'queue-unfrozen'
    | 'queue-lease-released'
    | 'queue-lease-taken-over';
  /** Null: it is about a base branch's queue. */
  item: string | null;
  base: string | null;
  run: string | null;
  reason: string;
  evidence: string;
}

export interface LedgerChange {
  /** Ids of the items that any changed row belongs to. */
  items: ReadonlySet<string>;
  health: LedgerHealth;
}

export interface VerifyFinding {
  code: string;
  /** Where: a segment and byte offset, or a table and key. */
  where: string;
  text: string;
}

export interface Ledger {
  readonly read: LedgerReads;
  readonly health: LedgerHealth;
  /** Reads the journal's tail and applies it. What is read is safe to show; act only after an own commit. */
  refresh(): Promise<void>;
  /**
   * Resolves when the transaction is on disk and its place in the file is known.
   * @throws LedgerError when it cannot tell (after `io`, `damaged` and `newer-format` the transaction may be kept or not: read
   * again), TypeError for an unconditional write
   */
  commit(transaction: Transaction): Promise<CommitOutcome>;
  /**
   * The whole history of one item or of all, oldest first. That of long closed items is read from the journal, which takes as
   * long as `verify`.
   * @throws LedgerError if the journal cannot be read to its end
   */
  history(item?: string): Promise<TransitionRow[]>;
  /**
   * What was done to items and queues besides moving on, oldest first, read from the whole journal. With an item only what is about
   * that. Of a ledger that is known to be damaged all that can be read.
   * @throws LedgerError if the journal cannot be read to its end, and that was not known
   */
  acts(item?: string): Promise<LedgerAct[]>;
  /** Returns a function that ends the subscription. */
  onChange(listener: (change: LedgerChange) => void): () => void;
  /** Hashes, attestations and invariants, read afresh from disk. An empty list means: all was checked and holds. */
  verify(): Promise<VerifyFinding[]>;
  close(): Promise<void>;
}
