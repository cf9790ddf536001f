import type { MergeOutcome } from '../../../runner-host/protocol/merge-outcome';
import type { MergeCommandName, MergeView } from '../../../webview/protocol';
import { oneLine } from '../format';
import * as words from '../merge/words';

const FINDINGS_SHOWN = 100;
const CONFLICTS_SHOWN = 50;
const HUNK_SHOWN = 4_000;

/** What an outcome lists for people: findings, conflicts, the plan for numbers. `newest`: only then is there something to do. */
export function mergeFindings(outcome: MergeOutcome, newest: boolean): MergeView {
  return {
    ...NOTHING,
    ...findingsOf(outcome, newest),
    ...conflictsOf(outcome),
    ...renumberOf(outcome),
    commands: newest ? commandsOf(outcome) : [],
  };
}

const NOTHING: MergeView = {
  findings: [],
  moreFindings: 0,
  findingsNote: '',
  conflicts: [],
  moreConflicts: 0,
  renumber: [],
  renumberedLines: 0,
  commands: [],
};

/** Bytes as text, of which none is markup and no line end is left. */
const shownPath = (bytes: string): string => oneLine(Buffer.from(bytes, 'latin1').toString('utf8'), 300);

function findingsOf(outcome: MergeOutcome, newest: boolean): Partial<MergeView> {
  if (!('findings' in outcome)) return {};
  const { findings, more } = outcome;
  return {
    findings: findings.slice(0, FINDINGS_SHOWN).map(({ kind, path, side, line, count, lineHash, detail }) => ({
      word: words.findingWord(kind),
      path: shownPath(path),
      line: oneLine(line, 300),
      why: [oneLine(detail, 500), words.whose(side, count)].filter(Boolean).join('. '),
      waive: newest ? lineHash : null,
    })),
    moreFindings: more + Math.max(0, findings.length - FINDINGS_SHOWN),
    findingsNote: {
      CARRY_FAIL: words.carryTodo(),
      NUMBER_COLLISION: words.numbersTodo(),
      MARKER_LOST: words.markersTodo(),
      UNCHECKED: words.uncheckedTodo(),
    }[outcome.outcome],
  };
}

function conflictsOf(outcome: MergeOutcome): Partial<MergeView> {
  if (outcome.outcome !== 'CONFLICT') return {};
  const { files, more } = outcome;
  return {
    conflicts: files.slice(0, CONFLICTS_SHOWN).map(({ path, stages, hunks }) => ({
      path: oneLine(path, 300),
      sides: words.conflictSides(stages),
      hunks: hunks.map(({ line, text }) => ({ line, text: text.slice(0, HUNK_SHOWN) })),
    })),
    moreConflicts: more + Math.max(0, files.length - CONFLICTS_SHOWN),
  };
}

function renumberOf(outcome: MergeOutcome): Partial<MergeView> {
  if (outcome.outcome !== 'NUMBER_COLLISION' || outcome.plan === null) return {};
  return {
    renumber: outcome.plan.yields.map(({ from, to, keeps }) => ({
      from: shownPath(from),
      to: shownPath(to),
      note: words.renumberNote(shownPath(keeps)),
    })),
    renumberedLines: outcome.plan.replacements.length,
  };
}

function commandsOf(outcome: MergeOutcome): MergeCommandName[] {
  switch (outcome.outcome) {
    case 'LANDED':
      return ['verify-commit'];
    case 'NUMBER_COLLISION':
      return outcome.plan === null ? [] : ['renumber'];
    case 'ALARM':
      return ['unfreeze-queue'];
    default:
      return [];
  }
}
