import type { CheckView } from '../../../webview/protocol';
import type { ReportReading } from '../../../runner-host/protocol/result';
import type { TestRunReport } from '../../engine';
import * as messages from '../messages';
import { exitText } from './verdict-strip';

/** The report file in the worktree, held against what the ledger says Interlock wrote. */
export type ArtifactState = { state: 'unchanged' | 'edited' | 'missing' | 'unreadable' | 'none' };

/** The rule about the number of tests that held when the run was started. */
export interface FloorRule {
  floor: number | null;
  floorSource: string;
}

/** Exit code, parsed counts, floor and artifact side by side: a gate opens only where none of them disagrees. */
export function crossCheck(
  { result, verdict }: TestRunReport,
  rule: FloorRule | null,
  artifact: ArtifactState,
): CheckView[] {
  if (result.status !== 'suite-ran') return [];
  const green = result.supervision.exitCode === 0;
  const checks: CheckView[] = [
    {
      label: messages.exitLabel(),
      value: exitText(result.supervision),
      state: 'agrees',
      note: green ? messages.exitGreen() : messages.exitRed(),
    },
    reportCheck(result.report, green),
  ];
  if (result.report.state === 'read') checks.push(floorCheck(result.report, rule));
  if (verdict) checks.push(artifactCheck(`result: ${verdict.verdict}`, artifact));
  return green ? checks : checks.map(withoutPraise);
}

/** Agreement that a run is red is no success, and must not look like one. */
export function withoutPraise(check: CheckView): CheckView {
  return check.state === 'agrees' ? { ...check, state: 'agrees-on-red' } : check;
}

/** The report's counts against the exit code. */
export function reportCheck(report: ReportReading, green: boolean): CheckView {
  const label = messages.reportLabel();
  switch (report.state) {
    case 'not-configured':
      return { label, value: messages.reportNone(), state: 'unknown', note: messages.reportNoneNote() };
    case 'missing':
      return { label, value: messages.reportMissing(), state: 'disagrees', note: report.path };
    case 'unreadable':
      return { label, value: messages.reportUnreadable(), state: 'disagrees', note: report.reason };
    case 'read': {
      const bad = report.failed + report.errored;
      const agrees = green === (bad === 0);
      return {
        label,
        value: messages.reportCounts(report.tests, bad),
        state: agrees ? 'agrees' : 'disagrees',
        note: agrees ? messages.reportAgrees() : green ? messages.reportRedExitGreen() : messages.reportGreenExitRed(),
      };
    }
  }
}

function floorCheck(report: ReportReading & { state: 'read' }, rule: FloorRule | null): CheckView {
  const executed = report.passed + report.failed + report.errored;
  const label = messages.floorLabel();
  if (!rule) return { label, value: messages.executed(executed), state: 'unknown', note: messages.floorUnknown() };
  if (rule.floor === null)
    return { label, value: messages.executed(executed), state: 'unknown', note: messages.floorNone(rule.floorSource) };
  return {
    label,
    value: messages.executed(executed),
    state: executed >= rule.floor ? 'agrees' : 'disagrees',
    note: messages.floorAsks(rule.floor, rule.floorSource),
  };
}

/** @param line the machine key that the artifact must have */
export function artifactCheck(line: string, artifact: ArtifactState): CheckView {
  const label = messages.artifactLabel();
  switch (artifact.state) {
    case 'unchanged':
      return { label, value: line, state: 'agrees', note: messages.artifactUnchanged() };
    case 'edited':
      return { label, value: messages.artifactEdited(), state: 'disagrees', note: messages.artifactEditedNote() };
    case 'missing':
      return { label, value: messages.artifactMissing(), state: 'unknown', note: messages.artifactMissingNote() };
    case 'unreadable':
      return { label, value: messages.artifactUnreadable(), state: 'unknown', note: messages.artifactMissingNote() };
    case 'none':
      return { label, value: messages.artifactMissing(), state: 'unknown', note: messages.artifactNoneNote() };
  }
}
