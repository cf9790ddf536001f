import type { MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import type { CleanResult } from '../../../runner-host/protocol/merge-clean';
import { oneLine, shortId } from '../format';

// What the VS Code side says about the merge gate; the rest is in messages.ts.

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The word of a merge report's strip. */
export const outcomeWord = (outcome: MergeOutcomeName): string => WORDS[outcome];

const WORDS: Readonly<Record<MergeOutcomeName, string>> = {
  LANDED: 'LANDED',
  ALREADY_LANDED: 'ALREADY LANDED',
  RED: 'RED',
  TIMEOUT: 'TIMEOUT',
  INFRA: 'NO VERDICT',
  MOVED: 'BASE MOVED',
  LOCK_BUSY: 'BUSY',
  CONFLICT: 'CONFLICT',
  HEAD_CHANGED: 'BRANCH CHANGED',
  CARRY_FAIL: 'WORK LOST',
  NUMBER_COLLISION: 'NUMBER TAKEN',
  MARKER_LOST: 'MARKER LOST',
  UNCHECKED: 'NOT CHECKED',
  EMPTY: 'NOTHING TO LAND',
  LANDED_BUT_LOST: 'LANDED, THEN LOST',
  POLICY: 'REFUSED',
  DIRTY: 'TREE CHANGED',
  ALARM: 'ALARM',
  SECURITY: 'SECURITY',
  COVERAGE_DROP: 'COVERAGE FELL',
  COVERAGE_UNREADABLE: 'COVERAGE UNREADABLE',
};

// The strip
export const landedSentence = (commit: string, base: string, resumed: boolean): string =>
  `${shortId(commit)} is on ${base}, read back from there.${resumed ? ' An earlier run had pushed it; this one finished the work.' : ''}`;
export const findingsSentence = (count: number): string =>
  `${plural(count, 'finding')} in the candidate. Nothing was pushed.`;
export const conflictSentence = (files: number, base: string): string =>
  `The item and ${base} changed the same places of ${plural(files, 'file')}. Nothing was pushed.`;
export const redSentence = (detail: string, preExisting: boolean | null): string =>
  [
    sentenceOf(detail),
    preExisting === true && 'Base fails in the same way, so the item is not to blame.',
    preExisting === false && 'Base is green, so it is the item.',
    preExisting === null && 'Nothing was pushed.',
  ]
    .filter(Boolean)
    .join(' ');
export const alarmSentence = (expected: string, found: string | null): string =>
  `Base should stand on ${shortId(expected)}, and ${found === null ? 'it is gone' : `shows ${shortId(found)}`}. The queue is frozen.`;
export const decidedByGit = (): string => 'Decided by git and the checks';
export const decidedByRemote = (): string => 'Decided by what the remote shows';

/** With its words as they are: it may begin with the name of a branch. */
export function sentenceOf(text: string): string {
  const line = oneLine(text, 400);
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}

// Facts
export const landedLabel = (): string => 'Landed commit';
export const candidateLabel = (): string => 'Candidate';
export const testedTreeLabel = (): string => 'Tested tree';
export const testedTipLabel = (): string => 'Tested commit';
export const builtOnLabel = (): string => 'Built on';
export const itemHeadLabel = (): string => 'Head of the branch';
export const attemptsLabel = (): string => 'Attempts';
export const attempts = (count: number): string => (count === 1 ? 'one' : `${count}: base moved in between`);
export const batchLabel = (): string => 'Batch';
export const batch = (others: readonly string[]): string =>
  `with ${others.join(', ')}: the last commit of all was tested, this one on its own was not`;
export const styleLabel = (): string => 'Style';
export const style = (name: string): string => (name === 'squash' ? 'squash: one commit' : 'merge commit');
export const remoteBranchLabel = (): string => 'Branch on the remote';
export const remoteBranch = (state: 'deleted' | 'absent' | 'kept' | 'not-deleted'): string =>
  ({ deleted: 'deleted', absent: 'was not there', kept: 'kept', 'not-deleted': 'could not be deleted' })[state];
export const receiptLabel = (): string => 'Receipt';
export const receipt = (state: 'written' | 'off' | 'failed'): string =>
  ({ written: 'git note on the commit', off: 'switched off', failed: 'could not be written' })[state];
export const suiteTimeLabel = (): string => 'Last command took';
export const causeLabel = (): string => 'Cause';

// What was checked
export const candidateCheck = (): string => 'Candidate';
export const carryCheck = (): string => 'Nothing lost';
export const numbersCheck = (): string => 'Numbers';
export const markersCheck = (): string => 'Markers';
export const securityCheck = (): string => 'Security';
export const testsCheck = (): string => 'Tests';
export const coverageCheck = (): string => 'Coverage';
export const remoteCheck = (): string => 'Remote';

export const notReached = (): string => 'not reached';
export const notListed = (): string => 'looked at again when nothing is lost';
export const cleanMerge = (): string => 'clean merge';
export const cleanMergeNote = (commit: string): string => `${shortId(commit)}, built without your checkout`;
export const conflictsIn = (files: number): string => `${plural(files, 'file')} in conflict`;
export const conflictNote = (): string => 'both sides changed the same lines';
export const nothingNew = (): string => 'nothing new';
export const nothingNewNote = (): string => 'the merge is base as it stands';
export const findings = (count: number): string => plural(count, 'finding');
export const notAllChecked = (): string => 'not all could be checked';
export const findingsBelow = (): string => 'listed below';
export const carryHolds = (): string => 'all lines are there';
export const carryHoldsNote = (): string => "the item's lines and those that base gained";
export const numbersHold = (): string => 'no number twice';
export const markersHold = (): string => 'every marker holds';
export const exitCode = (code: number | null, signal: string | null): string =>
  code === null ? (signal === null ? 'did not end by itself' : `signal ${signal}`) : `exit code ${code}`;
export const retestSkipped = (): string => 're-test skipped';
export const provenBy = (by: 'commit' | 'tree' | 'journal', run: string | null): string =>
  ({
    commit: `this very commit passed the same command${run === null ? '' : ` in run ${run}`}`,
    tree: `this very tree passed the same command${run === null ? '' : ` in run ${run}`}; the project says that its tests do not look at history`,
    journal: 'this commit was tested by an earlier try of this gate',
  })[by];
export const noSuite = (): string => 'no suite';
export const noSuiteNote = (): string => 'none is configured, so nothing was tested';
export const onTip = (others: readonly string[]): string =>
  `on the last commit of the batch, with ${others.join(', ')}`;
export const onCandidate = (): string => 'on the candidate itself';
export const coverageOf = ({ covered, total }: { covered: number; total: number }): string =>
  total === 0 ? 'no lines' : `${((covered / total) * 100).toFixed(2)} % of lines`;
export const coverageNote = (floor: { covered: number; total: number } | null): string =>
  floor === null ? 'nothing to compare with yet' : `base has ${coverageOf(floor)}`;
export const coverageUnreadable = (): string => 'unreadable';
export const remoteShows = (base: string): string => `${base} shows it`;
export const remoteShowsNot = (): string => 'shows something else';

// Findings
const FINDINGS: Readonly<Record<string, string>> = {
  DROPPED: 'Line lost',
  SIDE_DISCARDED: 'One side taken whole',
  PATH_RESET: 'File set back',
  OPAQUE: 'Binary file not merged',
  MISFILED: 'Under another heading',
  NUMBER_TAKEN: 'Number taken',
  NUMBER_RESERVED: 'Number reserved for another item',
  MARKER_LOST: 'Marker does not hold',
  MARKER_DELETED: 'Marker deleted',
  MARKER_MALFORMED: 'Marker unreadable',
  UNCHECKED: 'Not checked',
};
/** A kind that is not here is shown as it is: a new word is better than a wrong one. */
export const findingWord = (kind: string): string => FINDINGS[kind] ?? oneLine(kind, 60);
export const whose = (side: 'item' | 'main' | null, count: number): string => {
  const times = count > 1 ? ` ${count} such lines.` : '';
  if (side === 'item') return `The item's work.${times}`;
  return side === 'main' ? `Work that base gained.${times}` : times.trim();
};
export const carryTodo = (): string =>
  'Put the lines back on the branch and advance again. Only a person can say that a loss is meant.';
export const numbersTodo = (): string =>
  'The item in flight yields: renumber its documents, then have the branch reviewed again.';
export const markersTodo = (): string =>
  'Make what the marker names true again; only a retired marker may go, with its reason.';
export const uncheckedTodo = (): string =>
  'Nothing is known to be lost, and not all could be looked at: look at it by hand, then waive it with a reason.';
export const conflictSides = (stages: readonly number[]): string => {
  const [ours, theirs] = [stages.includes(2), stages.includes(3)];
  if (ours && theirs) return stages.includes(1) ? 'changed on both sides' : 'added on both sides';
  return ours ? 'changed on base, deleted by the item' : 'deleted on base, changed by the item';
};
export const renumberNote = (keeps: string): string =>
  keeps === '' ? 'the number is reserved for another item' : `${keeps} keeps the number`;

// What else the outcome rests on
export const passedLabel = (): string => 'Let pass';
export const passedValue = (count: number): string => `${plural(count, 'thing')} that the checks saw and let pass`;
export const cleanupLabel = (): string => 'Branches and worktrees';
export const cleanupValue = (count: number): string => plural(count, 'line');
export const changedLabel = (): string => 'Changed by the suite';
export const lostLabel = (): string => 'Landed once, missing now';
export const files = (count: number): string => plural(count, 'file');

// The queue
export const queueLabel = (): string => 'Merge queue';
export const frozen = (): string => 'frozen';
export const frozenTip = (reason: string, actor: string, at: string): string =>
  `Nothing lands: ${reason}\nFrozen by ${actor}, ${at}\nA person opens it again: "Interlock: Unfreeze Queue"`;
export const queueTip = (base: string): string =>
  `What waits to land on ${base}. Who came first is first; what is held or deferred lets the others pass.`;
export const landing = (item: string): string => `landing ${item}`;
export const landsNow = (): string => 'landing';
export const waiting = (count: number): string => (count === 0 ? '' : `${count} waiting`);
export const aside = (count: number): string => (count === 0 ? '' : `${count} held or deferred`);
export const position = (place: number): string => `position ${place}`;
export const whyLine = (reason: string): string => `Why: ${reason}`;
export const nextLine = (action: string): string => `Next: ${action}`;

// The commands
export const chooseToWaive = (): string => 'Choose the work item with the finding';
export const chooseFinding = (): string => 'Choose the finding that may pass';
export const chooseToRenumber = (): string => 'Choose the work item whose documents yield their numbers';
export const chooseToReserve = (): string => 'Choose the work item that writes the document';
export const chooseSeries = (): string => 'Choose the series of documents';
export const chooseToVerify = (): string => 'Choose the work item whose landed commit is to be verified';
export const chooseQueue = (): string => 'Choose the queue';
export const reasonNeeded = (): string => 'Reason (it is written into the history)';
export const reasonMissing = (): string => 'A reason is needed: whoever looks at it later has nothing else.';
export const noFindings = (item: string): string => `Nothing of the last merge run of ${item} can be waived.`;
export const findingGone = (): string =>
  'That finding is not of the last merge run any more. Look at the newest report.';
export const waiveHeading = (item: string, word: string): string => `Let this finding of ${item} pass? ${word}`;
export const waiveDetail = (finding: { path: string; line: string; why: string }): string =>
  [
    finding.path,
    finding.line,
    sentenceOf(finding.why),
    'Your name, the reason and exactly this finding go into the ledger. The checks are run again.',
  ]
    .filter(Boolean)
    .join('\n\n');
export const waiveButton = (): string => 'Waive, with a Reason';
export const waiveTitle = (item: string): string => `Waive a finding of ${item}`;
export const waived = (item: string, left: number): string =>
  left === 0
    ? `The finding of ${item} may pass.`
    : `The finding of ${item} may pass. ${plural(left, 'finding')} of that run stay.`;
export const chooseToClean = (): string => 'Choose the work item whose worktree and branch are to be removed';
export const lookingAt = (item: string, only: boolean): string =>
  only ? `Looking at what ${item} has left` : `Cleaning up ${item}`;
export const cleanHeading = (item: string): string => `Clean up ${item}?`;
export const cleanDetail = ({ worktree, branch, proof, generated, backup }: CleanResult): string =>
  [
    [worktree && `Worktree: ${worktree}`, branch && `Branch: ${branch}`].filter(Boolean).join('\n'),
    generated.length > 0 &&
      `With it goes what tools make again: ${generated.slice(0, 8).join(', ')}${generated.length > 8 ? ', …' : ''}`,
    proof && `Nothing is lost: ${sentenceOf(proof)}`,
    backup && `The ref ${backup.ref} keeps the branch's commit.`,
  ]
    .filter(Boolean)
    .join('\n\n');
export const cleanButton = (): string => 'Remove Worktree and Branch';
export const cleaned = (item: string, back: readonly string[]): string =>
  back.length === 0 ? `Nothing is left of ${item}.` : `${item} is cleaned up. To bring it back: ${back.join(' && ')}`;
export const chooseLease = (): string => 'Choose the lease that is to be released';
export const itemLease = (): string => 'Lease of a work item';
export const queueLease = (base: string): string => `Merge queue of ${base}`;
export const nobodyLands = (base: string): string => `Nobody is landing on ${base}.`;
export const queueLeaseHeading = (base: string, liveness: 'dead' | 'unknown' | 'alive'): string =>
  ({
    dead: `The merge queue of ${base} belongs to a process that is gone.`,
    unknown: `Nobody here can say whether the owner of the merge queue of ${base} still lives.`,
    alive: `The owner of the merge queue of ${base} is alive.`,
  })[liveness];
export const releaseQueueTitle = (base: string): string => `Release the merge queue of ${base}`;
export const queueReleased = (base: string): string =>
  `The merge queue of ${base} is released. Whatever its old owner still writes is refused.`;
export const nothingFrozen = (): string => 'No merge queue is frozen.';
export const unfreezeHeading = (base: string): string => `Let items land on ${base} again?`;
export const unfreezeDetail = (reason: string): string =>
  `${sentenceOf(reason)}\n\nLook at the branch first: what comes next is built on what stands there now.`;
export const unfreezeButton = (): string => 'Unfreeze, with a Reason';
export const unfreezeTitle = (base: string): string => `Unfreeze the queue of ${base}`;
export const unfrozen = (base: string): string => `Items may land on ${base} again.`;
export const notLanded = (item: string): string => `The merge gate has not landed ${item}.`;
export const verifying = (commit: string): string => `Verifying ${shortId(commit)}`;
export const verified = (commit: string): string =>
  `${shortId(commit)} is what its receipt says: tree, parent and tested commit agree, and it is in the history of base.`;
export const notVerified = (commit: string, problems: readonly string[]): string =>
  `${shortId(commit)} is not verified: ${problems.map((problem) => oneLine(problem, 200)).join('; ')}.`;
