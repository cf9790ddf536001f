import type { CaseResult } from '../../../runner-host/protocol/result';
import type { FactView, ReportView } from '../../../webview/protocol';
import { isWaived } from '../../artifacts/waiver-use';
import type { StagingRunReport } from '../../engine';
import { commandLine, oneLine } from '../format';
import * as messages from '../messages';
import * as words from '../staging-messages';
import {
  badCases,
  caseParts,
  commonFacts,
  commonParts,
  commonWarnings,
  isNewest,
  type ReportFacts,
} from './report-parts';
import { stagingCheck } from './staging-cross-check';
import { servedRule, stagingCommand } from './staging-spec';
import { stagingStrip } from './staging-strip';
import { exitText } from './verdict-strip';

/** Everything that a panel shows of one finished run on a staging host. Its files are not on this machine: nothing links to them. */
export function stagingView(report: StagingRunReport, facts: ReportFacts): ReportView {
  const { item, result, verdict, waivers } = report;
  const { read, artifact, now } = facts;
  const newest = isNewest(report, read);
  const hold = newest ? read.hold(item.id) : undefined;
  const bad = badCases(report);
  const failing = bad.filter((row) => !mayFail(row, waivers));
  return {
    kind: 'staging',
    ...commonParts(report, read, now),
    strip: stagingStrip(report, newest, hold?.remedy ?? null),
    banner: result.remote.transport === 'demo' ? words.demoBanner() : null,
    warnings: [...commonWarnings(report, facts, hold), ...stagingWarnings(report)],
    facts: stagingFacts(report, read.job(report.run.id)?.spec, now),
    checks: stagingCheck(report, servedRule(read.job(report.run.id)?.rules), artifact),
    ...caseParts(report, failing, null),
    outside: verdict?.verdict === 'FAIL' && bad.length === 0 ? messages.outsideItsTests() : null,
    waivers: waivers.map(({ check, use, reason, reference, until }) => ({
      check: oneLine(check),
      use,
      word: words.waiverUse(use),
      reason: oneLine(reason, 300),
      reference: oneLine(reference),
      until,
    })),
    evidence: [],
    bite: null,
    merge: null,
  };
}

/** Whether the deciding side let the case fail. */
function mayFail(row: CaseResult, waivers: StagingRunReport['waivers']): boolean {
  return waivers.some((waiver) => waiver.use === 'applied' && isWaived(waiver, row));
}

function stagingWarnings({ result: { remote }, waivers }: StagingRunReport): string[] {
  const { survivors, leaked, oomKills, outputDropped } = remote;
  return [
    ...waivers.filter(({ use }) => use === 'expired').map(({ check, until }) => words.waiverExpired(check, until)),
    survivors !== null && survivors > 0 && words.survivorsWarning(survivors),
    leaked !== null && leaked > 0 && words.leakedWarning(leaked),
    oomKills !== null && oomKills > 0 && words.outOfMemory(oomKills),
    outputDropped > 0 && messages.outputCut(outputDropped),
  ].filter((line) => line !== false);
}

function stagingFacts(report: StagingRunReport, spec: string | undefined, now: number): FactView[] {
  const { run, result } = report;
  const { remote } = result;
  const command = stagingCommand(spec);
  return [
    {
      label: words.hostLabel(),
      value: remote.transport === 'demo' ? words.demoHost() : oneLine(remote.host),
      title: oneLine(remote.host),
    },
    { label: words.transportLabel(), value: words.transport(remote.transport) },
    result.status === 'infra' && {
      label: words.classLabel(),
      value: words.classText(result.cause, result.class),
      title: `${result.cause}, ${result.class}`,
      wide: true as const,
    },
    // Where the suite ran, the cross-check below shows it.
    result.status === 'infra' && { label: messages.exitLabel(), value: exitText({ ...remote, signal: null }) },
    command !== null && { label: messages.commandLabel(), value: oneLine(commandLine(command), 500) },
    { label: words.connectionsLabel(), value: words.connections(remote.connections) },
    { label: words.leftoversLabel(), value: words.leftovers(remote.survivors, remote.leaked) },
    ...commonFacts(report, now),
    { label: words.diskLabel(), value: words.disk(remote.freeBefore, remote.freeAfter) },
    { label: messages.runLabel(), value: run.id },
  ].filter((fact) => fact !== false);
}
