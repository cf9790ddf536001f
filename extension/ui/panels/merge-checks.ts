import type { MergedItem, MergeTest } from '../../../runner-host/protocol/merge';
import type { MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import type { CheckView } from '../../../webview/protocol';
import * as words from '../merge/words';
import { withoutPraise } from './cross-check';
import type { MergeSpec } from './merge-spec';

/** The run of the ledger that proved a commit or tree, if it is known. */
export type ProofRun = (test: Extract<MergeTest, { state: 'proven' }>) => string | null;

/** What the gate looked at, in its order. What it did not come to is said, and praises nothing. */
export function mergeChecks(merged: MergedItem, spec: MergeSpec | null, proofRun: ProofRun): CheckView[] {
  const { outcome } = merged;
  const checks = [
    spec?.security || merged.security || outcome.outcome === 'SECURITY' ? security(merged) : null,
    candidate(merged),
    carry(merged),
    (spec?.numbered.length ?? 0) > 0 || outcome.outcome === 'NUMBER_COLLISION' ? numbers(merged) : null,
    markers(merged),
    tests(merged, proofRun),
    spec?.coverage || merged.coverage ? coverage(merged, spec) : null,
    remote(merged, spec?.base ?? ''),
  ].filter((check) => check !== null);
  const landed = outcome.outcome === 'LANDED' || outcome.outcome === 'ALREADY_LANDED';
  return landed ? checks : checks.map(withoutPraise);
}

function check(label: string, state: CheckView['state'], value: string, note: string): CheckView {
  return { label, state, value, note };
}

const notReached = (label: string): CheckView => check(label, 'unknown', words.notReached(), '');

function candidate({ outcome, candidate: commit }: MergedItem): CheckView {
  const label = words.candidateCheck();
  if (outcome.outcome === 'CONFLICT')
    return check(label, 'disagrees', words.conflictsIn(outcome.files.length + outcome.more), words.conflictNote());
  if (outcome.outcome === 'EMPTY' || outcome.outcome === 'LANDED_BUT_LOST')
    return check(label, 'disagrees', words.nothingNew(), words.nothingNewNote());
  return commit === null ? notReached(label) : check(label, 'agrees', words.cleanMerge(), words.cleanMergeNote(commit));
}

/** These close the gate before the suite. */
const BEFORE_THE_SUITE: ReadonlySet<MergeOutcomeName> = new Set([
  'SECURITY',
  'CONFLICT',
  'EMPTY',
  'LANDED_BUT_LOST',
  'CARRY_FAIL',
  'NUMBER_COLLISION',
  'MARKER_LOST',
  'UNCHECKED',
] as const);

/** The test of the candidate that the outcome is about. An earlier candidate's, before base moved, says nothing of this one. */
export function testOf({ outcome, test }: MergedItem): MergeTest | null {
  return BEFORE_THE_SUITE.has(outcome.outcome) ? null : test;
}

/** The suite is only come to when no check blocks. */
const passedAll = (merged: MergedItem): boolean => testOf(merged) !== null;

/** These say nothing of what is lost. */
const BEYOND_CARRY: ReadonlySet<MergeOutcomeName> = new Set(['NUMBER_COLLISION', 'MARKER_LOST', 'UNCHECKED'] as const);

/** Whether it is this check that could not look at all. */
const uncheckedBy = ({ outcome }: MergedItem, by: 'carry' | 'markers'): boolean =>
  outcome.outcome === 'UNCHECKED' && outcome.findings.some(({ check: of }) => of === by);

function carry(merged: MergedItem): CheckView {
  const { outcome } = merged;
  const label = words.carryCheck();
  if (outcome.outcome === 'CARRY_FAIL')
    return check(label, 'disagrees', words.findings(outcome.findings.length + outcome.more), words.findingsBelow());
  if (uncheckedBy(merged, 'carry')) return check(label, 'unknown', words.notAllChecked(), words.findingsBelow());
  const holds = passedAll(merged) || BEYOND_CARRY.has(outcome.outcome);
  return holds ? check(label, 'agrees', words.carryHolds(), words.carryHoldsNote()) : notReached(label);
}

function numbers(merged: MergedItem): CheckView {
  const { outcome } = merged;
  const label = words.numbersCheck();
  if (outcome.outcome === 'NUMBER_COLLISION')
    return check(label, 'disagrees', words.findings(outcome.findings.length + outcome.more), words.findingsBelow());
  if (outcome.outcome === 'CARRY_FAIL') return check(label, 'unknown', words.notReached(), words.notListed());
  const holds = passedAll(merged) || outcome.outcome === 'MARKER_LOST' || outcome.outcome === 'UNCHECKED';
  return holds ? check(label, 'agrees', words.numbersHold(), '') : notReached(label);
}

function markers(merged: MergedItem): CheckView {
  const { outcome } = merged;
  const label = words.markersCheck();
  if (outcome.outcome === 'MARKER_LOST')
    return check(label, 'disagrees', words.findings(outcome.findings.length + outcome.more), words.findingsBelow());
  if (outcome.outcome === 'CARRY_FAIL' || outcome.outcome === 'NUMBER_COLLISION')
    return check(label, 'unknown', words.notReached(), words.notListed());
  if (uncheckedBy(merged, 'markers')) return check(label, 'unknown', words.notAllChecked(), words.findingsBelow());
  const holds = passedAll(merged) || outcome.outcome === 'UNCHECKED';
  return holds ? check(label, 'agrees', words.markersHold(), '') : notReached(label);
}

function security({ outcome, security: ran }: MergedItem): CheckView {
  const label = words.securityCheck();
  if (outcome.outcome === 'SECURITY')
    return check(label, 'disagrees', words.exitCode(outcome.exitCode, outcome.signal), '');
  if (ran === null || ran.state === 'not-configured') return notReached(label);
  if (ran.state === 'proven') return check(label, 'agrees', words.retestSkipped(), words.provenBy(ran.by, null));
  const { exitCode, signal } = ran.result.supervision;
  return check(label, exitCode === 0 ? 'agrees' : 'unknown', words.exitCode(exitCode, signal), '');
}

function tests(merged: MergedItem, proofRun: ProofRun): CheckView {
  const { outcome, batch } = merged;
  const test = testOf(merged);
  const label = words.testsCheck();
  switch (test?.state) {
    case undefined:
      return notReached(label);
    case 'not-configured':
      return check(label, 'unknown', words.noSuite(), words.noSuiteNote());
    case 'proven':
      return check(label, 'agrees', words.retestSkipped(), words.provenBy(test.by, proofRun(test)));
    case 'ran': {
      const { result } = test;
      const { exitCode, signal } = result.supervision;
      const red = outcome.outcome === 'RED' || outcome.outcome === 'DIRTY';
      const state = red ? 'disagrees' : result.status === 'infra' || exitCode !== 0 ? 'unknown' : 'agrees';
      const value = result.status === 'infra' ? result.cause : words.exitCode(exitCode, signal);
      return check(label, state, value, batch.length > 0 ? words.onTip(batch) : words.onCandidate());
    }
  }
}

function coverage(merged: MergedItem, spec: MergeSpec | null): CheckView {
  const { outcome, coverage: lines } = merged;
  const label = words.coverageCheck();
  const floor = spec?.coverage?.floor ?? null;
  if (outcome.outcome === 'COVERAGE_UNREADABLE')
    return check(label, 'disagrees', words.coverageUnreadable(), outcome.path);
  if (outcome.outcome === 'COVERAGE_DROP')
    return check(label, 'disagrees', words.coverageOf(outcome), words.coverageNote(outcome.floor));
  if (lines === null || testOf(merged) === null) return notReached(label);
  return check(label, 'agrees', words.coverageOf(lines), words.coverageNote(floor));
}

function remote({ outcome }: MergedItem, base: string): CheckView | null {
  const label = words.remoteCheck();
  if (outcome.outcome === 'LANDED') return check(label, 'agrees', words.remoteShows(base), '');
  return outcome.outcome === 'ALARM' ? check(label, 'disagrees', words.remoteShowsNot(), '') : null;
}
