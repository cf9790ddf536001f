import type { MergedItem } from '../../../runner-host/protocol/merge';
import type { MergeOutcome, MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import type { ReportView, Tone } from '../../../webview/protocol';
import { oneLine } from '../format';
import * as words from '../merge/words';
import * as messages from '../messages';
import { inPalette } from '../palette-words';
import { exitText } from './verdict-strip';

const TONES: Readonly<Record<MergeOutcomeName, Tone>> = {
  LANDED: 'pass',
  ALREADY_LANDED: 'pass',
  RED: 'fail',
  TIMEOUT: 'infra',
  INFRA: 'infra',
  MOVED: 'infra',
  LOCK_BUSY: 'infra',
  CONFLICT: 'fail',
  HEAD_CHANGED: 'inconclusive',
  CARRY_FAIL: 'fail',
  NUMBER_COLLISION: 'fail',
  MARKER_LOST: 'fail',
  UNCHECKED: 'inconclusive',
  EMPTY: 'inconclusive',
  LANDED_BUT_LOST: 'fail',
  POLICY: 'infra',
  DIRTY: 'fail',
  ALARM: 'fail',
  SECURITY: 'fail',
  COVERAGE_DROP: 'fail',
  COVERAGE_UNREADABLE: 'inconclusive',
};

export interface StripFacts {
  base: string;
  /** The item's present condition, if this run is its last one. */
  condition: string | null;
  /** What releases it, where it is held. */
  hold: string | null;
}

/** The first thing that a merge report says of its item. */
export function mergeStrip({ outcome, test }: MergedItem, { base, condition, hold }: StripFacts): ReportView['strip'] {
  const remedy = condition === null ? '' : inPalette(oneLine(hold ?? remedyOf(outcome), 500));
  return {
    tone: outcome.outcome === 'INFRA' && outcome.class === 'cancelled' ? 'none' : TONES[outcome.outcome],
    word: wordOf(outcome, condition),
    sentence: oneLine(sentenceOf(outcome, base), 500),
    remedy,
    ...decided(outcome, test),
  };
}

/** Of a run in which the gate itself did not come to its end. */
export function lostStrip(cause: string, detail: string, cancelled: boolean, facts: StripFacts): ReportView['strip'] {
  return {
    tone: cancelled ? 'none' : 'infra',
    word: cancelled ? messages.cancelledWord() : withoutVerdict(facts.condition),
    sentence: oneLine(`${cause}: ${detail}`, 500),
    remedy: facts.condition === null || facts.hold === null ? '' : inPalette(oneLine(facts.hold, 500)),
    decidedBy: 'nobody',
    decided: messages.decidedByNobody(),
  };
}

function wordOf(outcome: MergeOutcome, condition: string | null): string {
  if (outcome.outcome !== 'INFRA') return words.outcomeWord(outcome.outcome);
  return outcome.class === 'cancelled' ? messages.cancelledWord() : withoutVerdict(condition);
}

function withoutVerdict(condition: string | null): string {
  if (condition === 'held') return messages.heldInfraWord();
  return condition === 'deferred' ? messages.deferredInfraWord() : messages.noVerdictWord();
}

function remedyOf(outcome: MergeOutcome): string {
  return outcome.outcome === 'LANDED' ? '' : outcome.remedy;
}

function sentenceOf(outcome: MergeOutcome, base: string): string {
  switch (outcome.outcome) {
    case 'LANDED':
      return words.landedSentence(outcome.commit, base, outcome.resumed);
    case 'CARRY_FAIL':
    case 'NUMBER_COLLISION':
    case 'MARKER_LOST':
    case 'UNCHECKED':
      return words.findingsSentence(outcome.findings.length + outcome.more);
    case 'CONFLICT':
      return words.conflictSentence(outcome.files.length + outcome.more, base);
    case 'RED':
      return words.redSentence(outcome.detail, outcome.preExisting);
    case 'ALARM':
      return words.alarmSentence(outcome.expected.commit, outcome.found.commit);
    default:
      return words.sentenceOf(outcome.detail);
  }
}

function decided(outcome: MergeOutcome, test: MergedItem['test']): Pick<ReportView['strip'], 'decidedBy' | 'decided'> {
  switch (outcome.outcome) {
    case 'LANDED':
    case 'ALREADY_LANDED':
    case 'ALARM':
    case 'LANDED_BUT_LOST':
      return { decidedBy: 'exit-code', decided: words.decidedByRemote() };
    case 'RED':
      return test?.state === 'ran'
        ? { decidedBy: 'exit-code', decided: messages.decidedByExit(exitText(test.result.supervision)) }
        : { decidedBy: 'exit-code', decided: words.decidedByGit() };
    case 'SECURITY':
      return { decidedBy: 'exit-code', decided: messages.decidedByExit(exitText(outcome)) };
    case 'INFRA':
    case 'TIMEOUT':
    case 'MOVED':
    case 'LOCK_BUSY':
    case 'POLICY':
    case 'COVERAGE_UNREADABLE':
    case 'UNCHECKED':
      return { decidedBy: 'nobody', decided: messages.decidedByNobody() };
    default:
      return { decidedBy: 'exit-code', decided: words.decidedByGit() };
  }
}
