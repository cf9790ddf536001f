import type { RunReport } from '../engine';
import type { LedgerAct } from '../ledger/ledger';
import type { AlertRow, HoldRow, ItemRow, LeaseRow, RunRow, TransitionRow, VerdictRow } from '../ledger/rows';
import { commandOf } from './command-of';

/*
 * The shapes of `--json`, a contract of their own: the ledger's columns may change without these. Documented in docs/cli.md.
 * Times are ms since the epoch, durations ms.
 */

export const itemView = (row: ItemRow) => ({
  id: row.id,
  title: row.title,
  stage: row.stage,
  condition: row.condition,
  reason: { code: row.reason_code, text: row.reason },
  since: row.since,
  turn: row.turn,
  nextAction: row.next_action,
  nextAt: row.next_at,
  branch: row.branch,
  worktree: row.worktree,
  base: row.base,
  baseCommit: row.base_commit,
  revision: row.rev,
  createdAt: row.created_at,
  developerRetries: row.developer_retries,
  infraRetries: row.infra_retries,
});

export const transitionView = (row: TransitionRow) => ({
  item: row.item,
  revision: row.rev,
  at: row.at,
  actor: row.actor,
  from: row.from_stage,
  to: row.to_stage,
  outcome: row.outcome,
  verdict: row.verdict,
  run: row.run,
  reason: { code: row.reason_code, text: row.reason },
});

/** What was done besides moving an item on. */
export const actView = ({ at, actor, act, item, base, run, reason, evidence }: LedgerAct) => ({
  at,
  actor,
  act,
  item,
  base,
  run,
  reason,
  evidence,
});

export const verdictView = (row: VerdictRow) => ({
  verdict: row.verdict,
  reason: { code: row.reason_code, text: row.reason },
  producer: row.producer,
  head: row.head,
  tree: row.tree,
  base: row.base,
  command: commandOf(row.command),
  configHash: row.config_hash,
  tests: row.tests,
  failed: row.failed,
  skipped: row.skipped,
  at: row.at,
});

export const runView = (row: RunRow, verdict: VerdictRow | null | undefined) => ({
  run: row.id,
  stage: row.stage,
  kind: row.kind,
  attempt: row.attempt,
  status: row.status,
  cause: row.cause,
  detail: row.detail,
  exitCode: row.exit_code,
  signal: row.signal,
  head: row.head,
  tree: row.tree,
  startedAt: row.started_at,
  durationMs: row.duration_ms,
  verdict: verdict ? verdictView(verdict) : null,
});

export const holdView = (row: HoldRow) => ({
  item: row.item,
  reason: { code: row.code, text: row.reason, remedy: row.remedy },
  actor: row.actor,
  run: row.run,
  at: row.at,
});

export const alertView = ({ id, item, code, text, at }: AlertRow) => ({ id, item, code, text, at });

/** Who owns the item's transition now. The token stays out: it fences writes and is nobody else's business. */
export const leaseView = (row: LeaseRow) => ({
  item: row.item,
  actor: row.actor,
  host: row.host,
  pid: row.pid,
  at: row.at,
});

export const reportView = (report: RunReport) => ({
  item: report.item.id,
  ...runView(report.run, report.verdict),
  result: report.result,
  ...(report.kind === 'staging' && { waivers: report.waivers }),
  cases: report.cases,
  movedTo: report.movedTo,
  log: report.log,
  artifact: report.artifact,
});
