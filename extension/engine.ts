import type { ConfigReading } from './config/project-config';
import type { CommandOutcome } from './pipeline/person-commands';
import type { LeaseOwner } from './pipeline/lease-owner';
import type { ReleaseLeaseCommand, ReleaseLeaseOutcome } from './pipeline/release-lease';
import type { LedgerAct, LedgerChange, LedgerHealth, LedgerReads, VerifyFinding } from './ledger/ledger';
import type { AdvanceReport, Why } from './pipeline/outcome';
import type { ProofReport, ProveCommand } from './pipeline/prove/prove-gate';
import type { CleanOutcome } from './pipeline/merge/clean-item';
import type { ReleaseQueueCommand, ReleaseQueueOutcome } from './pipeline/merge/queue-lease';
import type { QueueView, UnfreezeOutcome } from './pipeline/merge/queue-view';
import type { ReserveOutcome } from './pipeline/merge/reserve-number';
import type { Progress } from './pipeline/progress';
import type { HostStatus } from '../runner-host/protocol/methods';
import type { MergeRunResult } from '../runner-host/protocol/merge';
import type { CaseResult, TestRunResult } from '../runner-host/protocol/result';
import type { StagingCheck, StagingRunResult, StagingSecret } from '../runner-host/protocol/staging';
import type { WaiverUse } from './artifacts/waiver-use';
import type { AlertRow, ItemRow, RunRow, TransitionRow, VerdictRow } from './ledger/rows';

export interface Repository {
  /** Top folder of the main worktree. */
  root: string;
  /** Its base name: what `${repo}` stands for. */
  name: string;
  /** `git rev-parse --git-common-dir`, absolute. */
  commonDir: string;
  /** `<commonDir>/interlock`. */
  stateDir: string;
}

export interface AddOptions {
  title: string;
  id?: string;
  branch?: string;
  stage?: string;
  actor: string;
}

export interface AdvanceOptions {
  actor: string;
  /** Goes on until the item stands at this stage, or an advance does not advance. */
  until?: string;
  /** Aborting cancels the run: the promise settles only once every process of it is dead. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export type ReleaseLeaseOptions = Omit<ReleaseLeaseCommand, 'item'>;

interface AnyRunReport {
  item: ItemRow;
  run: RunRow;
  verdict: VerdictRow | null;
  /** All cases of the report, or null where the run has none. */
  cases: CaseResult[] | null;
  /** The branch's commit now, if it is no longer the tested one. */
  movedTo: string | null;
  /** Absolute path of output.log, or null once it is gone. */
  log: string | null;
  /** Absolute path of the report artifact in the worktree. */
  artifact: string | null;
}

export interface TestRunReport extends AnyRunReport {
  kind: 'test';
  result: TestRunResult;
}

export interface StagingRunReport extends AnyRunReport {
  kind: 'staging';
  result: StagingRunResult;
  /** The waivers of the project as they met this run's failing checks; empty where none is configured. */
  waivers: WaiverUse[];
}

export interface MergeRunReport extends AnyRunReport {
  kind: 'merge';
  result: MergeRunResult;
}

/** One run with everything that a report shows. */
export type RunReport = TestRunReport | StagingRunReport | MergeRunReport;

/** Whether a commit on base is what its receipt says: tree, parent, the tested commit behind it, base's history. */
export interface CommitVerification {
  ok: boolean;
  /** JSON of the note; null: there is none that can be read. */
  receipt: string | null;
  /** The merge log beside it (`14-merge-log.md`): hostile until shown as plain text. */
  log: string | null;
  /** What is wrong, one line each. */
  problems: string[];
}

/** Listens to a run's output from the start; `close` ends it. Errors after the run is known end in `onEnd`. */
export interface RunFollower {
  close(): void;
}

/**
 * The deciding side of one repository, the same for the VS Code window and the terminal.
 * Made by `openEngine`; every method may be called at any time, in any number of processes at once.
 */
export interface Engine {
  readonly repository: Repository;
  readonly read: LedgerReads;
  readonly ledgerHealth: LedgerHealth;
  onChange(listener: (change: LedgerChange) => void): () => void;

  config(): Promise<ConfigReading>;
  /** Makes branch and worktree where they are missing, then the ledger's row. */
  add(options: AddOptions): Promise<CommandOutcome>;
  advance(item: string, options: AdvanceOptions): Promise<AdvanceReport>;
  hold(item: string, actor: string, reason: string): Promise<CommandOutcome>;
  /** Lifts a hold, or moves a waiting agent stage on as the person's decision. */
  release(item: string, actor: string, reason: string): Promise<CommandOutcome>;
  sendBack(item: string, actor: string, reason: string): Promise<CommandOutcome>;
  /** A person has seen the findings that a verdict waits for: `set` names them, as they were shown. */
  acknowledge(item: string, actor: string, reason: string, set: string): Promise<CommandOutcome>;
  /** Who lands on a base branch (default: the configuration's), who waits at `merge`, and why. */
  queue(base?: string): Promise<QueueView>;
  /** A person opens a frozen queue again; `reason` says what was found at base. Without `base`: the only one that is frozen. */
  unfreeze(actor: string, reason: string, base?: string): Promise<UnfreezeOutcome>;
  /**
   * Removes worktree and branch of an item that is done, with proof that nothing is lost; `dryRun`: only says what would go. Starts a
   * runner host if need be.
   */
  clean(item: string, actor: string, dryRun: boolean): Promise<CleanOutcome>;
  /** A person's word that one finding of the item's newest merge run is meant; `finding`: its line hash, or the first digits. */
  waive(item: string, actor: string, reason: string, finding: string): Promise<CommandOutcome>;
  /** Gives the item's documents the numbers that its newest merge run planned, in a commit on its branch. */
  renumber(item: string, actor: string): Promise<CommandOutcome>;
  /** Gives the item the next free number of a series of "merge.numbered"; null: the only one. Rejects where base cannot be looked at. */
  reserve(item: string, series: string | null, actor: string): Promise<ReserveOutcome>;
  /** Compares a landed commit with its receipt; starts a runner host if need be. Never rejects for what it finds. */
  verifyCommit(commit: string): Promise<CommitVerification>;
  /** Stops the item's running run; resolves when its processes are dead. */
  cancel(item: string, actor: string, reason: string): Promise<CommandOutcome>;
  /** Undefined when nobody holds the item's lease. */
  leaseOwner(item: string): Promise<LeaseOwner | undefined>;
  /** Takes the lease away from its owner; `force` where that one may be alive. A run goes on for whoever advances next. */
  releaseLease(item: string, options: ReleaseLeaseOptions): Promise<ReleaseLeaseOutcome>;
  /** Undefined when nobody lands on the base branch. */
  queueOwner(base: string): Promise<LeaseOwner | undefined>;
  /** The same for the lease of a base branch's queue; by `force` only as a person, with a reason. */
  releaseQueueLease(options: ReleaseQueueCommand): Promise<ReleaseQueueOutcome>;
  /** Marks alerts as seen, for everybody; returns those that this call has marked. */
  seeAlerts(alerts: readonly AlertRow[], actor: string): Promise<AlertRow[]>;
  why(item: string): Promise<Why | undefined>;
  /** The steps of one item or of all, oldest first, those of long closed items too. */
  history(item?: string): Promise<TransitionRow[]>;
  /** What was done besides moving items on: landings, waivers, numbers, queues. Oldest first, read from the whole journal. */
  acts(item?: string): Promise<LedgerAct[]>;
  /** The newest run of the item, or the named one. */
  report(item: string, run?: string): Promise<RunReport | undefined>;
  /** Replays the run's output from `from` and follows it while it runs. */
  follow(
    run: string,
    from: number,
    on: { output(text: string, stream: 'stdout' | 'stderr', next: number): void; end(): void },
  ): Promise<RunFollower>;
  /** Plants a failing test on a scratch copy of base and demands that the gate goes red; a blind gate passes nothing afterwards. */
  prove(options: ProveCommand): Promise<ProofReport>;
  verify(): Promise<VerifyFinding[]>;
  /**
   * Looks at the staging host of interlock.json on base; runs no suite. Never rejects for what it finds: without "staging"
   * the state is `permanent-env` and the cause `not-configured`.
   */
  checkStaging(): Promise<StagingCheck>;
  /** Hands over what a check said it needs; kept in the runner host's memory alone. Rejects without "staging". */
  giveStagingSecret(secret: StagingSecret): Promise<void>;
  /** A person has compared the fingerprint. `trusted: false` and why, where another key of that host is on file. */
  trustStagingHost(fingerprint: string): Promise<{ trusted: boolean; detail: string }>;
  /** Null when no host runs. */
  hostStatus(): Promise<HostStatus | null>;
  /** False when no host runs. */
  hostDrain(cancel: boolean): Promise<boolean>;
  /** Settles what earlier processes left: finished runs, dead owners' leases, deferrals that are due. Returns what it did. */
  reconcile(options: { onProgress?: (progress: Progress) => void; signal?: AbortSignal }): Promise<AdvanceReport[]>;
  close(): Promise<void>;
}

export type { CommandOutcome } from './pipeline/person-commands';
export type { ReserveOutcome } from './pipeline/merge/reserve-number';
export type { CleanOutcome } from './pipeline/merge/clean-item';
export type { QueuedItem, QueueView, UnfreezeOutcome } from './pipeline/merge/queue-view';
