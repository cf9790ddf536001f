import type { FactView, ReportView } from '../../../webview/protocol';
import type { RunReport, TestRunReport } from '../../engine';
import { commandLine, oneLine } from '../format';
import * as messages from '../messages';
import { biteView } from './bite-view';
import { crossCheck } from './cross-check';
import { evidenceOf, evidenceView } from './evidence-view';
import { mergeView } from './merge-view';
import {
  badCases,
  caseParts,
  commonFacts,
  commonParts,
  commonWarnings,
  isNewest,
  type ReportFacts,
} from './report-parts';
import { stagingView } from './staging-view';
import { exitText, verdictStrip } from './verdict-strip';

/** Everything that a panel shows of one finished run, ready to be drawn: no text in it is trusted, none is markup. */
export function reportView(report: RunReport, facts: ReportFacts): ReportView {
  switch (report.kind) {
    case 'test':
      return testView(report, facts);
    case 'staging':
      return stagingView(report, facts);
    case 'merge':
      return mergeView(report, facts);
  }
}

function testView(report: TestRunReport, facts: ReportFacts): ReportView {
  const { item, run, result, verdict } = report;
  const { read, rule, artifact, now } = facts;
  const newest = isNewest(report, read);
  const hold = newest ? read.hold(item.id) : undefined;
  const evidence = evidenceOf(read.job(run.id));
  const bad = badCases(report);
  const { survivors, leaked, outputDropped } = result.supervision;
  return {
    kind: 'test',
    ...commonParts(report, read, now),
    strip: verdictStrip(report, newest, hold?.remedy ?? null),
    banner: null,
    warnings: [
      ...commonWarnings(report, facts, hold),
      survivors.length > 0 && messages.survivors(survivors.map((one) => one.pid)),
      leaked > 0 && messages.leaked(leaked),
      outputDropped > 0 && messages.outputCut(outputDropped),
    ].filter((line) => line !== false),
    facts: testFacts(report, now),
    checks: crossCheck(report, rule, artifact),
    ...caseParts(report, bad, item.worktree),
    outside: verdict?.verdict === 'FAIL' && bad.length === 0 ? messages.outsideItsTests() : null,
    waivers: [],
    evidence: evidenceView(evidence, result),
    bite: biteView(evidence.bite),
    merge: null,
  };
}

function testFacts(report: TestRunReport, now: number): FactView[] {
  const { run, result, verdict } = report;
  const { supervision } = result;
  const command =
    supervision.resolvedCommand.length > 0 ? commandLine(supervision.resolvedCommand) : (verdict?.command ?? '');
  return [
    // Where the suite ran, the cross-check below shows it.
    result.status === 'infra' && { label: messages.exitLabel(), value: exitText(supervision) },
    command !== '' && { label: messages.commandLabel(), value: oneLine(command, 500) },
    ...commonFacts(report, now),
    {
      label: messages.processesLabel(),
      value: messages.processes(supervision.cleanliness),
      title: messages.containment(supervision.containment),
    },
    { label: messages.runLabel(), value: run.id },
  ].filter((fact) => fact !== false);
}
