/**
 * The rows of the view, one interface a table. `put` writes whole rows; times are ms since the epoch.
 * A column is text, an integer or null, so that a row survives JSON and SQLite unchanged.
 */
export type Cell = string | number | null;

export interface ItemRow {
  id: string;
  title: string;
  branch: string;
  /** Absolute path. */
  worktree: string;
  base: string;
  /** The commit of the base branch that the item forked from. */
  base_commit: string;
  stage: string;
  /** Grows by one with every transition: history count = revision. */
  rev: number;
  created_at: number;
  developer_retries: number;
  infra_retries: number;
  /** What the item is doing: ready | running | waiting | deferred | held | done. */
  condition: string;
  /** Why it is not moving: a code and a sentence, since when, whose turn, what happens next. */
  reason_code: string;
  reason: string;
  since: number;
  turn: string;
  next_action: string;
  /** When the deferral timer tries again, or null. */
  next_at: number | null;
}

/** One line of an item's history; `id` is `<item>#<rev>`. */
export interface TransitionRow {
  id: string;
  item: string;
  rev: number;
  at: number;
  actor: string;
  from_stage: string;
  to_stage: string;
  outcome: string;
  verdict: string | null;
  run: string | null;
  reason_code: string;
  reason: string;
}

/** The intent to run, written before the host is asked; `settled_at` is set in the transaction that holds the result. */
export interface JobRow {
  /** The run's id. */
  id: string;
  item: string;
  stage: string;
  kind: string;
  head: string;
  tree: string;
  /** The run specification as JSON: what a resumed start sends again. */
  spec: string;
  /** Facts from base that the verdict needs: commit, configuration hash, report and floor rules. JSON. */
  rules: string;
  created_at: number;
  settled_at: number | null;
}

export interface RunRow {
  id: string;
  item: string;
  stage: string;
  kind: string;
  /** suite-ran | infra */
  status: string;
  cause: string | null;
  detail: string | null;
  exit_code: number | null;
  signal: string | null;
  /** The whole result as JSON, the report rebuilt from it byte for byte. */
  result: string;
  head: string;
  tree: string;
  started_at: number;
  duration_ms: number;
  attempt: number;
}

export interface VerdictRow {
  /** The run's id. */
  id: string;
  item: string;
  stage: string;
  /** PASS | FAIL | INCONCLUSIVE */
  verdict: string;
  reason_code: string;
  reason: string;
  /** test-runner | agent */
  producer: string;
  head: string;
  tree: string;
  base: string;
  command: string;
  config_hash: string;
  tests: number | null;
  failed: number | null;
  skipped: number | null;
  at: number;
}

/** A file that Interlock wrote; `id` is `<run>/<name>`. */
export interface ArtifactRow {
  id: string;
  item: string;
  stage: string;
  run: string;
  /** Relative to the worktree, with `/`. */
  path: string;
  sha256: string;
  at: number;
}

export interface LeaseRow {
  item: string;
  token: string;
  host: string;
  boot_id: string;
  pid_namespace: string;
  pid: number;
  start_time: string;
  actor: string;
  at: number;
}

export interface HoldRow {
  item: string;
  code: string;
  reason: string;
  remedy: string;
  actor: string;
  run: string | null;
  at: number;
}

export interface SwitchRow {
  name: string;
  /** on | off */
  state: string;
  actor: string;
  reason: string;
  at: number;
}

/** Outbox: an alert is shown until a person has acknowledged it. */
export interface AlertRow {
  id: string;
  item: string;
  code: string;
  text: string;
  at: number;
  acknowledged_at: number | null;
}

/** A closed item whose history left the view: the journal alone has what led to this revision. */
export interface ArchiveRow {
  item: string;
  rev: number;
  at: number;
}

/** The first head that was sent back for a conflict: what it added must be in what lands, too. One an item, until it has landed. */
export interface AnchorRow {
  item: string;
  /** Where the item began when it was kept. */
  fork: string;
  head: string;
  why: string;
  at: number;
}

/** A person's word that one finding of the merge gate is meant; `id` is `<item>/<line hash>/<path>`. */
export interface WaiverRow {
  id: string;
  item: string;
  /** What the finding was called. */
  kind: string;
  /** As the finding has it: bytes, one character each. */
  path: string;
  line_hash: string;
  reason: string;
  actor: string;
  at: number;
}

/** A number of a series of documents that an item has taken; `id` is `<series>#<number>`. */
export interface ReservationRow {
  id: string;
  series: string;
  number: number;
  item: string;
  actor: string;
  at: number;
}

/** What may land on a base branch: `open`, or `frozen` until a person has looked. No row: open. */
export interface QueueRow {
  base: string;
  state: string;
  reason: string;
  actor: string;
  at: number;
}

/** An item that the merge gate took to base; `id` is `<item>/<run>`. */
export interface LandingRow {
  id: string;
  item: string;
  base: string;
  commit_id: string;
  tree: string;
  /** The tested commit: in a batch another one than `commit_id`. */
  tip: string;
  /** alone | batch | proven | not-tested | already-there */
  tested: string;
  run: string;
  at: number;
}

/** The best line coverage that has landed on a base branch. */
export interface RatchetRow {
  base: string;
  covered: number;
  total: number;
  item: string;
  run: string;
  at: number;
}

export interface Tables {
  items: ItemRow;
  transitions: TransitionRow;
  jobs: JobRow;
  runs: RunRow;
  verdicts: VerdictRow;
  artifacts: ArtifactRow;
  leases: LeaseRow;
  holds: HoldRow;
  switches: SwitchRow;
  alerts: AlertRow;
  archives: ArchiveRow;
  anchors: AnchorRow;
  waivers: WaiverRow;
  reservations: ReservationRow;
  queues: QueueRow;
  landings: LandingRow;
  ratchets: RatchetRow;
}
export type TableName = keyof Tables;
