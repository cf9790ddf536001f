import { basename } from 'node:path';
import type { CaseResult, ReportReading } from '../../../runner-host/protocol/result';
import type { FactView, FailureView, ReportView } from '../../../webview/protocol';
import type { RunReport } from '../../engine';
import type { LedgerReads } from '../../ledger/ledger';
import type { HoldRow } from '../../ledger/rows';
import { clock, duration, oneLine, shortId } from '../format';
import * as messages from '../messages';
import type { ArtifactState, FloorRule } from './cross-check';
import { attempts } from './attempts';
import { casePlace } from './case-place';
import { expectedActual } from './expected-actual';
import { linkFrames } from './link-frames';

// What the reports of all kinds of runs have in common.

export interface ReportFacts {
  read: LedgerReads;
  rule: FloorRule | null;
  artifact: ArtifactState;
  now: number;
}

/** A panel draws at most this many failures; all of them are in the Test Explorer. */
export const FAILURES_SHOWN = 200;
const SKIPPED_SHOWN = 200;
const TEXT_SHOWN = 20_000;

/** The report file as the runner read it, or null where the suite did not run. */
export function readingOf({ result }: RunReport): ReportReading | null {
  return result.status === 'suite-ran' ? result.report : null;
}

/** Failed and errored cases, of those that are known. */
export function badCases(report: RunReport): readonly CaseResult[] {
  if (report.cases) return report.cases.filter((row) => row.outcome === 'failed' || row.outcome === 'errored');
  const reading = readingOf(report);
  return reading?.state === 'read' ? reading.failures : [];
}

/** Whether the run is the item's last one and nothing is going now: then the item's condition is that of this run. */
export function isNewest({ item, run }: Pick<RunReport, 'item' | 'run'>, read: LedgerReads): boolean {
  return read.runs(item.id)[0]?.id === run.id && read.openJobs(item.id).length === 0;
}

type CaseParts = Pick<ReportView, 'counts' | 'failures' | 'moreFailures' | 'skipped' | 'moreSkipped' | 'flaky'>;

/**
 * Counts and lists of cases.
 * @param shown the bad cases to list; the rest of them is said elsewhere
 * @param worktree where the cases' files are, or null if they are not on this machine
 */
export function caseParts(report: RunReport, shown: readonly CaseResult[], worktree: string | null): CaseParts {
  const reading = readingOf(report);
  const counts = reading?.state === 'read' ? reading : null;
  const bad = badCases(report);
  const elsewhere = bad.length - shown.length;
  const badTotal = (counts ? counts.failed + counts.errored : bad.length) - elsewhere;
  const skipped = report.cases?.filter((row) => row.outcome === 'skipped') ?? [];
  return {
    counts: counts && {
      tests: counts.tests,
      passed: counts.passed,
      flaky: counts.flaky?.count ?? 0,
      failed: counts.failed,
      errored: counts.errored,
      skipped: counts.skipped,
    },
    failures: shown.slice(0, FAILURES_SHOWN).map((row) => failureView(row, worktree)),
    moreFailures: Math.max(0, badTotal - FAILURES_SHOWN),
    skipped: skipped
      .slice(0, SKIPPED_SHOWN)
      .map((row) => ({ suite: oneLine(row.suite), name: oneLine(row.name), message: oneLine(row.message ?? '') })),
    moreSkipped: Math.max(0, (counts?.skipped ?? skipped.length) - Math.min(skipped.length, SKIPPED_SHOWN)),
    flaky: (counts?.flaky?.first ?? []).map(({ suite, name }) => ({ suite: oneLine(suite), name: oneLine(name) })),
  };
}

function failureView(row: CaseResult, worktree: string | null): FailureView {
  const message = (row.message ?? '').slice(0, TEXT_SHOWN);
  const details = (row.details ?? '').slice(0, TEXT_SHOWN);
  const pair = expectedActual(message) ?? expectedActual(details);
  const place = worktree === null ? null : casePlace(row, worktree);
  return {
    suite: oneLine(row.suite, 300),
    name: oneLine(row.name, 500),
    outcome: row.outcome === 'errored' ? 'errored' : 'failed',
    duration: row.durationMs === null ? null : duration(row.durationMs),
    message,
    expected: pair?.expected ?? null,
    actual: pair?.actual ?? null,
    details: worktree === null ? (details === '' ? [] : [{ text: details }]) : linkFrames(details, worktree),
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}

/** Which item, which run, and what else of it there is to look at. */
export function commonParts(
  report: Pick<RunReport, 'item' | 'run' | 'artifact' | 'log'>,
  read: LedgerReads,
  now: number,
): Pick<ReportView, 'item' | 'title' | 'run' | 'attempts' | 'artifact' | 'log'> {
  const { item, run, artifact, log } = report;
  const going = read.openJobs(item.id).at(-1);
  return {
    item: item.id,
    title: oneLine(item.title, 300),
    run: run.id,
    attempts: attempts(read.runs(item.id), (id) => read.verdict(id), going, run.id, now),
    artifact: artifact === null ? null : basename(artifact),
    log: log !== null,
  };
}

/** What stands in the way of any report's word. */
export function commonWarnings(
  { item, movedTo, run, verdict }: Pick<RunReport, 'item' | 'movedTo' | 'run' | 'verdict'>,
  { read, artifact }: Pick<ReportFacts, 'read' | 'artifact'>,
  hold: HoldRow | undefined,
): string[] {
  const newest = read.runs(item.id)[0]?.id === run.id;
  return [
    // A green strip alone would look as if nothing were in the way.
    verdict?.verdict === 'PASS' && hold !== undefined && messages.heldAnyway(hold.reason),
    movedTo !== null && messages.headMoved(shortId(run.head), shortId(movedTo)),
    !newest && messages.newerRunExists(),
    verdict?.producer === 'agent' && messages.decidedByAgent(),
    newest && artifact.state === 'edited' && messages.artifactEditedNote(),
  ].filter((line) => line !== false);
}

/** What was tested, by which rules, when. */
export function commonFacts({ run, verdict, item }: RunReport, now: number): FactView[] {
  return [
    { label: messages.headLabel(), value: shortId(run.head), title: run.head },
    { label: messages.treeLabel(), value: shortId(run.tree), title: run.tree },
    verdict !== null && {
      label: messages.baseLabel(),
      value: `${item.base} ${shortId(verdict.base)}`,
      title: verdict.base,
    },
    { label: messages.durationLabel(), value: duration(run.duration_ms) },
    { label: messages.startedLabel(), value: clock(run.started_at, now) },
  ].filter((fact) => fact !== false);
}
