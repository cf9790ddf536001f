import type { MergeRunReport, RunReport, StagingRunReport, TestRunReport } from '../engine';
import type { MergeOutcome } from '../../runner-host/protocol/merge-outcome';
import type { CaseResult } from '../../runner-host/protocol/result';
import { findingText } from '../pipeline/merge/route-outcome';
import { age, duration } from './age';
import { commandOf } from './command-of';
import { facts } from './facts';
import { BLANK, line, type Line } from './line';
import { plainLines } from './plain-text';
import { texts } from './texts';
import { toneOf } from './tones';

const FAILURES_SHOWN = 10;
const DETAIL_LINES = 12;

/** How a run ended, in a few words: `suite-ran, exit code 1`, `infra: timeout`. */
export function runEnd(run: {
  status: string;
  cause: string | null;
  exit_code: number | null;
  signal: string | null;
}): string {
  if (run.status === 'gate-ended') return run.status;
  if (run.status === 'infra') return `infra: ${run.cause}`;
  return run.exit_code === null ? `${run.status}, signal ${run.signal}` : `${run.status}, exit code ${run.exit_code}`;
}

/** The command as a person would type it. */
const commandLine = (command: readonly string[]): string =>
  command.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');

/** One run for people: verdict, figures, tree, where the files are. */
export function renderRun(report: RunReport, now: number): Line[] {
  const { item, run, verdict, result } = report;
  const word = verdict?.verdict ?? null;
  const head = line(`${item.id}  ${run.stage}  ${word ?? runEnd(run)}`, toneOf(word ?? result.status) ?? 'title');
  const lines = [head, line(`  ${verdict?.reason ?? run.detail ?? ''}`)];
  if (verdict && verdict.producer === 'agent') lines.push(line(`  ${texts.opinion}`, 'warning'));
  if (report.movedTo !== null) lines.push(line(`  ${texts.moved(run.head, report.movedTo)}`, 'warning'));
  return [
    ...lines,
    BLANK,
    ...facts([
      [texts.label.run, `${run.id}, attempt ${run.attempt}, started ${age(run.started_at, now)}`],
      [texts.label.result, `${runEnd(run)} after ${duration(run.duration_ms)}`],
      [texts.label.report, result.status === 'suite-ran' ? texts.counts(result.report) : null],
      ...kindFacts(report),
      [texts.label.tested, `commit ${run.head.slice(0, 8)}, tree ${run.tree.slice(0, 8)}`],
      [texts.label.base, verdict?.base.slice(0, 8)],
      [texts.label.artifact, report.artifact],
      [texts.label.log, report.log],
    ]),
  ];
}

type Fact = readonly [name: string, value: string | null | undefined];

function kindFacts(report: RunReport): Fact[] {
  switch (report.kind) {
    case 'test':
      return testFacts(report);
    case 'staging':
      return stagingFacts(report);
    case 'merge':
      return mergeFacts(report);
  }
}

function testFacts({ result }: TestRunReport): Fact[] {
  return [
    [texts.label.command, commandLine(result.supervision.resolvedCommand)],
    [texts.label.processes, texts.processes(result.supervision)],
    [texts.label.environment, result.environment?.hash.slice(0, 8)],
    [texts.label.outside, texts.outside(result.guard)],
    [texts.label.smoke, texts.smoke(result.smoke)],
  ];
}

function stagingFacts({ result, verdict, waivers }: StagingRunReport): Fact[] {
  return [
    [texts.label.host, texts.stagingHost(result.remote)],
    [texts.label.command, verdict === null ? null : commandLine(commandOf(verdict.command))],
    [texts.label.served, texts.served(result.served)],
    [texts.label.processes, texts.leftOnHost(result.remote)],
    ...waivers.map((waiver, at): Fact => [at === 0 ? texts.label.waivers : '', texts.waiver(waiver)]),
  ];
}

function mergeFacts({ item, result }: MergeRunReport): Fact[] {
  const merged = result.status === 'gate-ended' ? result.items.find((one) => one.item === item.id) : undefined;
  if (!merged) return [];
  const { outcome, base, candidate, tip, batch, warnings, cleanup } = merged;
  return [
    [texts.label.outcome, outcome.outcome],
    [texts.label.candidate, candidate === null ? null : `${candidate.slice(0, 8)} on ${base?.slice(0, 8) ?? '?'}`],
    [texts.label.together, batch.length === 0 ? null : texts.testedTogether(batch, tip ?? '')],
    ...findingsOf(outcome).map((text, at): Fact => [at === 0 ? texts.label.findings : '', text]),
    ...warnings.map((text, at): Fact => [at === 0 ? texts.label.passed : '', text]),
    ...cleanup.map((text, at): Fact => [at === 0 ? texts.label.cleanup : '', text]),
  ];
}

/** Each with the hash by which a person waives it; a conflict by its files. */
function findingsOf(outcome: MergeOutcome): string[] {
  if (outcome.outcome === 'CONFLICT') return outcome.files.map(({ path }) => path);
  return 'findings' in outcome ? outcome.findings.map(findingText) : [];
}

/** The failing tests, failures before details. `all` shows every one and its details. */
export function renderFailures(report: RunReport, all: boolean): Line[] {
  const failures = failuresOf(report);
  if (failures.length === 0) return [];
  const shown = all ? failures : failures.slice(0, FAILURES_SHOWN);
  return [
    line(texts.failures(shown.length, failures.length)),
    ...shown.flatMap((failure) => renderFailure(failure, all)),
  ];
}

function renderFailure(failure: CaseResult, detailed: boolean): Line[] {
  const place = failure.file === null ? '' : `  (${failure.file}${failure.line === null ? '' : `:${failure.line}`})`;
  const name =
    failure.suite && !failure.name.startsWith(failure.suite) ? `${failure.suite} > ${failure.name}` : failure.name;
  const head = line(`  ${failure.outcome}: ${name}${place}`, 'bad');
  const message = plainLines(failure.message ?? '').filter((text) => text.trim());
  const details = detailed
    ? plainLines(failure.details ?? '').filter((text) => text.trim() && !message.includes(text))
    : [];
  const body = [...(detailed ? message : message.slice(0, 2)), ...details.slice(0, DETAIL_LINES)];
  return [head, ...body.map((text) => line(`      ${text}`))];
}

function failuresOf({ cases, result }: RunReport): CaseResult[] {
  const reported = result.status === 'suite-ran' && result.report.state === 'read' ? result.report.failures : [];
  return (cases ?? reported).filter(({ outcome }) => outcome === 'failed' || outcome === 'errored');
}

/** The end of the log, where no test is named that would say more. */
export function renderTail(tail: readonly string[]): Line[] {
  return tail.length === 0 ? [] : [line(texts.tail), ...tail.map((text) => line(texts.outputLine(text), 'faint'))];
}
