import type { MergedItem } from '../../../runner-host/protocol/merge';
import { INFRA_CLASS } from '../../../runner-host/protocol/result';
import type { EvidenceView, FactView, ReportView } from '../../../webview/protocol';
import type { MergeRunReport, TestRunReport } from '../../engine';
import { clock, duration, oneLine, shortId } from '../format';
import * as words from '../merge/words';
import * as messages from '../messages';
import { mergeChecks, testOf, type ProofRun } from './merge-checks';
import { mergeFindings } from './merge-findings';
import { mergeSpec, type MergeSpec } from './merge-spec';
import { lostStrip, mergeStrip, type StripFacts } from './merge-strip';
import { badCases, caseParts, commonParts, commonWarnings, isNewest, type ReportFacts } from './report-parts';

const LINES_SHOWN = 50;

/** Everything that a panel shows of one finished run of the merge gate, as far as it is about the report's item. */
export function mergeView(report: MergeRunReport, facts: ReportFacts): ReportView {
  const { item, run, result } = report;
  const { read, now } = facts;
  const newest = isNewest(report, read);
  const hold = newest ? read.hold(item.id) : undefined;
  const spec = mergeSpec(read.job(run.id)?.spec);
  const merged = result.status === 'gate-ended' ? result.items.find((one) => one.item === item.id) : undefined;
  const strip: StripFacts = {
    base: spec?.base ?? item.base,
    condition: newest ? item.condition : null,
    hold: hold?.remedy ?? null,
  };
  const proofRun: ProofRun = ({ commit, tree, by }) =>
    read
      .runs(item.id)
      .find(
        (one) => (by === 'tree' ? one.tree === tree : one.head === commit) && read.verdict(one.id)?.verdict === 'PASS',
      )?.id ?? null;
  return {
    kind: 'merge',
    ...commonParts(report, read, now),
    strip: merged ? mergeStrip(merged, strip) : lostStripOf(report, strip),
    banner: null,
    // That the branch is gone, or stands elsewhere, is what a landing does.
    warnings: commonWarnings({ ...report, movedTo: null }, facts, hold),
    facts: mergeFacts(report, merged, spec, now),
    checks: merged ? mergeChecks(merged, spec, proofRun) : [],
    ...testParts(report, merged),
    waivers: [],
    evidence: merged ? evidenceOf(merged) : [],
    bite: null,
    merge: merged ? mergeFindings(merged.outcome, newest) : null,
  };
}

function lostStripOf({ result }: MergeRunReport, strip: StripFacts): ReportView['strip'] {
  // A result without this item says nothing about it.
  if (result.status !== 'infra') return lostStrip('', messages.notJudgedYet(), false, strip);
  return lostStrip(result.cause, result.detail, INFRA_CLASS[result.cause] === 'cancelled', strip);
}

type CaseParts = ReturnType<typeof caseParts> & Pick<ReportView, 'outside'>;
const NO_SUITE: CaseParts = {
  counts: null,
  failures: [],
  moreFailures: 0,
  skipped: [],
  moreSkipped: 0,
  flaky: [],
  outside: null,
};

/** The suite that ran on the candidate, or on the batch's last one. */
function testParts(report: MergeRunReport, merged: MergedItem | undefined): CaseParts {
  const test = merged === undefined ? null : testOf(merged);
  if (merged === undefined || test?.state !== 'ran') return NO_SUITE;
  const { result } = test;
  const cases = areCasesOf(report, merged) ? report.cases : null;
  const tested: TestRunReport = { ...report, kind: 'test', result, cases };
  const bad = badCases(tested);
  const outside = merged.outcome.outcome === 'RED' && bad.length === 0 ? messages.outsideItsTests() : null;
  // The suite ran in a worktree of the gate's that is gone: nothing links to its files.
  return { ...caseParts(tested, bad, null), outside };
}

/** A run keeps the cases of its last suite: not this item's where base was asked afterwards, or a batch was halved. */
function areCasesOf({ result }: MergeRunReport, { outcome }: MergedItem): boolean {
  const askedBase = outcome.outcome === 'RED' && outcome.base !== null;
  return !askedBase && result.status === 'gate-ended' && result.items.length === 1;
}

function mergeFacts(
  { run }: MergeRunReport,
  merged: MergedItem | undefined,
  spec: MergeSpec | null,
  now: number,
): FactView[] {
  const landed = merged?.outcome.outcome === 'LANDED' ? merged.outcome : null;
  const id = (label: string, commit: string | null | undefined): FactView | false =>
    commit !== null && commit !== undefined && { label, value: shortId(commit), title: commit };
  const test = merged === undefined ? null : testOf(merged);
  const tested = test?.state === 'ran' || test?.state === 'proven' ? test : null;
  const others = merged?.batch ?? [];
  return [
    landed !== null && id(words.landedLabel(), landed.commit),
    landed?.commit !== merged?.candidate && id(words.candidateLabel(), merged?.candidate),
    others.length > 0 && id(words.testedTipLabel(), merged?.tip),
    id(words.testedTreeLabel(), tested?.tree),
    merged?.base !== null &&
      merged?.base !== undefined && {
        label: words.builtOnLabel(),
        value: `${spec?.base ?? ''} ${shortId(merged.base)}`.trim(),
        title: merged.base,
      },
    id(words.itemHeadLabel(), merged?.head ?? run.head),
    merged !== undefined &&
      merged.attempts > 1 && { label: words.attemptsLabel(), value: words.attempts(merged.attempts) },
    others.length > 0 && { label: words.batchLabel(), value: words.batch(others), wide: true as const },
    merged?.outcome.outcome === 'INFRA' && {
      label: words.causeLabel(),
      value: `${merged.outcome.cause}, ${merged.outcome.class}`,
    },
    landed !== null && { label: words.remoteBranchLabel(), value: words.remoteBranch(landed.remoteBranch) },
    landed !== null && { label: words.receiptLabel(), value: words.receipt(landed.receipt) },
    spec !== null && { label: words.styleLabel(), value: words.style(spec.style) },
    // A gate that came to no command has none.
    run.duration_ms > 0 && { label: words.suiteTimeLabel(), value: duration(run.duration_ms) },
    { label: messages.startedLabel(), value: clock(run.started_at, now) },
    { label: messages.runLabel(), value: run.id },
  ].filter((fact) => fact !== false);
}

function evidenceOf({ warnings, cleanup, outcome }: MergedItem): EvidenceView[] {
  const list = (label: string, value: string, lines: readonly string[], open: boolean): EvidenceView => {
    const shown = lines.slice(0, LINES_SHOWN).map((line) => oneLine(line, 300));
    return { label, value, lines: shown, more: lines.length - shown.length, open };
  };
  const changed = outcome.outcome === 'DIRTY' ? outcome.changed : [];
  const lost = outcome.outcome === 'LANDED_BUT_LOST' ? outcome.paths : [];
  return [
    list(words.changedLabel(), words.files(changed.length), changed, true),
    list(words.lostLabel(), words.files(lost.length), lost, true),
    list(words.passedLabel(), words.passedValue(warnings.length), warnings, false),
    list(words.cleanupLabel(), words.cleanupValue(cleanup.length), cleanup, false),
  ].filter(({ lines }) => lines.length > 0);
}
