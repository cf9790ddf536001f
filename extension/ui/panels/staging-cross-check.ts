import type { ReportReading } from '../../../runner-host/protocol/result';
import type { ServedCommit } from '../../../runner-host/protocol/staging';
import type { CheckView } from '../../../webview/protocol';
import type { StagingRunReport } from '../../engine';
import * as messages from '../messages';
import * as words from '../staging-messages';
import { artifactCheck, reportCheck, withoutPraise, type ArtifactState } from './cross-check';
import { exitText } from './verdict-strip';

/** What the host had to serve. */
export interface ServedRule {
  asked: boolean;
  commit: string;
  /** Commits of the same content: the host may serve one of them as well. */
  sameContent?: readonly string[] | undefined;
}

/** Exit code, report, served commit and artifact side by side. What is not proven is said so, and is no agreement. */
export function stagingCheck(
  { result, verdict, waivers }: StagingRunReport,
  rule: ServedRule | null,
  artifact: ArtifactState,
): CheckView[] {
  const served = servedCheck(result.served, rule, result.status === 'suite-ran');
  if (result.status !== 'suite-ran') return result.served === null ? [] : [served];
  const green = result.remote.exitCode === 0;
  const waived = waivers.filter(({ use }) => use === 'applied').length;
  const passed = verdict?.verdict === 'PASS';
  const exit: CheckView = {
    label: messages.exitLabel(),
    value: exitText({ exitCode: result.remote.exitCode, signal: null }),
    state: 'agrees',
    note: green ? messages.exitGreen() : passed && waived > 0 ? words.exitWaived() : messages.exitRed(),
  };
  const checks = [exit, waivedReport(result.report, green, waived, passed), served];
  if (verdict) checks.push(artifactCheck(words.stagingStatus(verdict.verdict), artifact));
  return green || passed ? checks : checks.map(withoutPraise);
}

function waivedReport(report: ReportReading, green: boolean, waived: number, passed: boolean): CheckView {
  const check = reportCheck(report, green);
  if (waived === 0 || check.state !== 'agrees') return check;
  return { ...check, note: passed ? words.reportWaived() : words.reportSomeWaived(waived) };
}

/** Whether the host served the item's commit, before the suite and after it. */
function servedCheck(served: ServedCommit | null, rule: ServedRule | null, ran: boolean): CheckView {
  const label = words.servedLabel();
  if (served === null) {
    const note = ran && rule?.asked === false ? words.servedNotConfigured() : words.servedNotReached();
    return { label, value: words.servedNotProven(), state: 'unknown', note };
  }
  const { before, after } = served;
  const value = words.served(before, after);
  if (rule === null) return { label, value, state: 'unknown', note: words.servedRuleUnknown() };
  const right = [rule.commit, ...(rule.sameContent ?? [])].includes(before);
  if (!right || (after !== null && after !== before))
    return { label, value, state: 'disagrees', note: words.servedWrong(rule.commit) };
  if (after === null) return { label, value, state: 'unknown', note: words.servedAfterUnknown() };
  return { label, value, state: 'agrees', note: words.servedRight() };
}
