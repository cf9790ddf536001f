import type { CaseResult } from '../../../runner-host/protocol/result';
import type { FactView, FailureView, ReportView } from '../../../webview/protocol';
import type { RunReport } from '../../engine';
import type { LedgerReads } from '../../ledger/ledger';
import type { HoldRow } from '../../ledger/rows';
import { clock, commandLine, duration, oneLine, shortId } from '../format';
import * as messages from '../messages';
import { attempts } from './attempts';
import { biteView } from './bite-view';
import { casePlace } from './case-place';
import { crossCheck, type ArtifactState, type FloorRule } from './cross-check';
import { evidenceOf, evidenceView } from './evidence-view';
import { expectedActual } from './expected-actual';
import { linkFrames } from './link-frames';
import { exitText, verdictStrip } from './verdict-strip';

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

/** Everything that a panel shows of one finished run, ready to be drawn: no text in it is trusted, none is markup. */
export function reportView(report: RunReport, { read, rule, artifact, now }: ReportFacts): ReportView {
  const { item, run, result, verdict } = report;
  const runs = read.runs(item.id);
  const going = read.openJobs(item.id).at(-1);
  const newest = runs[0]?.id === run.id && !going;
  const bad = failedCases(report);
  const skipped = report.cases?.filter((row) => row.outcome === 'skipped') ?? [];
  const hold = newest ? read.hold(item.id) : undefined;
  const evidence = evidenceOf(read.job(run.id));
  const counts = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : null;
  const badTotal = counts ? counts.failed + counts.errored : bad.length;
  return {
    item: item.id,
    title: oneLine(item.title, 300),
    run: run.id,
    strip: verdictStrip(report, newest, hold?.remedy ?? null),
    warnings: warnings(report, artifact, runs[0]?.id === run.id, hold),
    facts: facts(report, now),
    checks: crossCheck(report, rule, artifact),
    counts: counts && {
      tests: counts.tests,
      passed: counts.passed,
      flaky: counts.flaky?.count ?? 0,
      failed: counts.failed,
      errored: counts.errored,
      skipped: counts.skipped,
    },
    failures: bad.slice(0, FAILURES_SHOWN).map((row) => failureView(row, item.worktree)),
    moreFailures: Math.max(0, badTotal - FAILURES_SHOWN),
    outside: verdict?.verdict === 'FAIL' && bad.length === 0 ? messages.outsideItsTests() : null,
    evidence: evidenceView(evidence, result),
    bite: biteView(evidence.bite),
    skipped: skipped
      .slice(0, SKIPPED_SHOWN)
      .map((row) => ({ suite: oneLine(row.suite), name: oneLine(row.name), message: oneLine(row.message ?? '') })),
    moreSkipped: Math.max(0, (counts?.skipped ?? skipped.length) - Math.min(skipped.length, SKIPPED_SHOWN)),
    flaky: (counts?.flaky?.first ?? []).map(({ suite, name }) => ({ suite: oneLine(suite), name: oneLine(name) })),
    attempts: attempts(runs, (id) => read.verdict(id), going, run.id, now),
    artifact: report.artifact !== null,
    log: report.log !== null,
  };
}

function failedCases({ cases, result }: RunReport): readonly CaseResult[] {
  if (cases) return cases.filter((row) => row.outcome === 'failed' || row.outcome === 'errored');
  return result.status === 'suite-ran' && result.report.state === 'read' ? result.report.failures : [];
}

function failureView(row: CaseResult, worktree: string): FailureView {
  const message = (row.message ?? '').slice(0, TEXT_SHOWN);
  const details = (row.details ?? '').slice(0, TEXT_SHOWN);
  const pair = expectedActual(message) ?? expectedActual(details);
  const place = casePlace(row, worktree);
  return {
    suite: oneLine(row.suite, 300),
    name: oneLine(row.name, 500),
    outcome: row.outcome === 'errored' ? 'errored' : 'failed',
    duration: row.durationMs === null ? null : duration(row.durationMs),
    message,
    expected: pair?.expected ?? null,
    actual: pair?.actual ?? null,
    details: linkFrames(details, worktree),
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}

function warnings(
  { movedTo, run, result, verdict }: RunReport,
  artifact: ArtifactState,
  newest: boolean,
  hold: HoldRow | undefined,
): string[] {
  const { survivors, leaked, outputDropped } = result.supervision;
  return [
    // A green strip alone would look as if nothing were in the way.
    verdict?.verdict === 'PASS' && hold !== undefined && messages.heldAnyway(hold.reason),
    movedTo !== null && messages.headMoved(shortId(run.head), shortId(movedTo)),
    !newest && messages.newerRunExists(),
    verdict?.producer === 'agent' && messages.decidedByAgent(),
    newest && artifact.state === 'edited' && messages.artifactEditedNote(),
    survivors.length > 0 && messages.survivors(survivors.map((one) => one.pid)),
    leaked > 0 && messages.leaked(leaked),
    outputDropped > 0 && messages.outputCut(outputDropped),
  ].filter((line) => line !== false);
}

function facts({ run, result, verdict, item }: RunReport, now: number): FactView[] {
  const { supervision } = result;
  const command =
    supervision.resolvedCommand.length > 0 ? commandLine(supervision.resolvedCommand) : (verdict?.command ?? '');
  return [
    // Where the suite ran, the cross-check below shows it.
    result.status === 'infra' && { label: messages.exitLabel(), value: exitText(supervision) },
    command !== '' && { label: messages.commandLabel(), value: oneLine(command, 500) },
    { label: messages.headLabel(), value: shortId(run.head), title: run.head },
    { label: messages.treeLabel(), value: shortId(run.tree), title: run.tree },
    verdict !== null && {
      label: messages.baseLabel(),
      value: `${item.base} ${shortId(verdict.base)}`,
      title: verdict.base,
    },
    { label: messages.durationLabel(), value: duration(run.duration_ms) },
    { label: messages.startedLabel(), value: clock(run.started_at, now) },
    {
      label: messages.processesLabel(),
      value: messages.processes(supervision.cleanliness),
      title: messages.containment(supervision.containment),
    },
    { label: messages.runLabel(), value: run.id },
  ].filter((fact) => fact !== false);
}
