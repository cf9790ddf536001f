import type { MergedItem } from '../../../runner-host/protocol/merge';
import type { MergeFinding, MergeOutcome } from '../../../runner-host/protocol/merge-outcome';
import { plainLine } from '../../artifacts/plain-text';
import { checkBranchMergeable, type MergeEvidence } from '../gates/check-branch-mergeable';
import type { Reason, Verdict } from '../outcome';
import type { ItemEvent } from '../transition';

/** What one item's outcome does. */
export interface MergeDecision {
  event: ItemEvent;
  verdict: Verdict | null;
  reason: Reason;
  /** It is on base, by this run or an earlier one. */
  landed: boolean;
  /** The head is to be kept: what it added must be in what lands later. */
  keepHead: boolean;
  /** Nothing more may land until a person has looked. */
  freeze: boolean;
}

const SHOWN = 5;

/** From the gate's outcome for one item to its next step: the one table, exhaustive and pure. */
export function routeOutcome(run: string, evidence: MergeEvidence): MergeDecision {
  const gate = checkBranchMergeable(evidence);
  const { outcome } = evidence.merged;
  if (gate.open) {
    const event: ItemEvent = { type: 'pass', verdict: 'PASS', run, reason: gate.reason };
    return decide(event, 'PASS', gate.reason, { landed: true });
  }
  const reason = reasonOf(evidence.item, outcome, gate.reason);
  const held = (verdict: Verdict | null, more: Partial<MergeDecision> = {}): MergeDecision =>
    decide({ type: 'permanent', run, reason }, verdict, reason, more);
  const failed = (): MergeDecision => decide({ type: 'fail', run, reason }, 'FAIL', reason);
  const back = (more: Partial<MergeDecision> = {}, to: 'development' | 'review' = 'development'): MergeDecision =>
    decide({ type: 'bounce', run, to, reason }, 'FAIL', reason, more);
  const later = (): MergeDecision => decide({ type: 'transient', run, reason }, null, reason);
  switch (outcome.outcome) {
    // The gate was closed: what says that it landed contradicts itself.
    case 'LANDED':
    case 'ALREADY_LANDED':
      return held('INCONCLUSIVE');
    case 'RED':
      return outcome.preExisting === true ? held('INCONCLUSIVE') : failed();
    case 'TIMEOUT':
      return later();
    case 'INFRA':
      switch (outcome.class) {
        case 'transient-infra':
          return later();
        case 'permanent-env':
          return held(null);
        case 'cancelled':
          return decide({ type: 'cancelled', run, reason }, null, reason);
      }
    case 'LOCK_BUSY':
      return decide({ type: 'busy', run, reason }, null, reason);
    case 'MOVED':
      return held(null);
    case 'CONFLICT':
      return back({ keepHead: true });
    case 'NUMBER_COLLISION':
      return back();
    case 'HEAD_CHANGED':
      return back({}, 'review');
    case 'CARRY_FAIL':
    case 'MARKER_LOST':
    case 'DIRTY':
    case 'SECURITY':
    case 'COVERAGE_DROP':
      return failed();
    case 'EMPTY':
    case 'LANDED_BUT_LOST':
    case 'COVERAGE_UNREADABLE':
    case 'UNCHECKED':
      return held('INCONCLUSIVE');
    case 'POLICY':
      return held(testedGreen(evidence.merged) ? 'PASS' : null);
    case 'ALARM':
      return held('INCONCLUSIVE', { freeze: true });
  }
}

function decide(
  event: ItemEvent,
  verdict: Verdict | null,
  reason: Reason,
  more: Partial<MergeDecision> = {},
): MergeDecision {
  return { event, verdict, reason, landed: false, keepHead: false, freeze: false, ...more };
}

/** The verdict of the candidate's own test stays, whoever refused the push. */
function testedGreen({ test }: MergedItem): boolean {
  if (test?.state === 'proven') return true;
  return test?.state === 'ran' && test.result.status === 'suite-ran' && test.result.supervision.exitCode === 0;
}

/** With the exact list, where there is one: whoever mends it needs no other place. */
function reasonOf(item: string, outcome: MergeOutcome, reason: Reason): Reason {
  const code = outcome.outcome === 'RED' && outcome.preExisting === true ? 'pre-existing' : reason.code;
  const list = listOf(outcome);
  const text = plainLine(
    list.length === 0 ? reason.text : `${HEAD[outcome.outcome] ?? reason.text}: ${list.join('; ')}`,
  );
  return { code, text, remedy: remedyOf(item, outcome, reason.remedy) };
}

/** In place of the gate's own words, which have the list in them, without the hashes. */
const HEAD: Partial<Record<MergeOutcome['outcome'], string>> = {
  CONFLICT: 'both sides changed the same lines',
  CARRY_FAIL: 'work would be lost',
  NUMBER_COLLISION: 'two documents would have one number',
  MARKER_LOST: 'a marker of base would not hold',
  UNCHECKED: 'not all could be checked',
  LANDED_BUT_LOST: 'the head is in the history of base, and its changes are not there',
};

function listOf(outcome: MergeOutcome): string[] {
  switch (outcome.outcome) {
    case 'CONFLICT':
      return some(
        outcome.files.map(({ path }) => path),
        outcome.more,
      );
    case 'CARRY_FAIL':
    case 'NUMBER_COLLISION':
    case 'MARKER_LOST':
    case 'UNCHECKED':
      return some(outcome.findings.map(findingText), outcome.more);
    case 'LANDED_BUT_LOST':
      return some(outcome.paths, 0);
    default:
      return [];
  }
}

function some(list: readonly string[], more: number): string[] {
  const left = Math.max(0, list.length - SHOWN) + more;
  return [...list.slice(0, SHOWN), ...(left > 0 ? [`and ${left} more`] : [])];
}

/** `DROPPED in CHANGELOG.md (3f2a9c01): - The entry` */
export function findingText({ kind, path, line, lineHash }: MergeFinding): string {
  const where = Buffer.from(path, 'latin1').toString('utf8');
  return `${kind} in ${where} (${lineHash.slice(0, 12)})${line === '' ? '' : `: ${line.slice(0, 120)}`}`;
}

function remedyOf(item: string, outcome: MergeOutcome, remedy: string): string {
  switch (outcome.outcome) {
    case 'CONFLICT':
      return `Merge base into the branch, keep both sides' work, commit; then: interlock release ${item}`;
    case 'CARRY_FAIL':
      return `Put the lines back on the branch; or, if it is meant: interlock waive ${item} --finding HASH --reason TEXT`;
    case 'MARKER_LOST':
      return `Make the marker true again, or retire it with a reason; or: interlock waive ${item} --finding HASH --reason TEXT`;
    case 'UNCHECKED':
      return `Look at them by hand; if all is right: interlock waive ${item} --finding HASH --reason TEXT, and interlock release ${item}`;
    case 'NUMBER_COLLISION':
      return outcome.plan === null ? remedy : `interlock renumber ${item}`;
    case 'ALARM':
      return `Look at base; then: interlock unfreeze --reason TEXT, and interlock release ${item}`;
    default:
      return remedy;
  }
}
