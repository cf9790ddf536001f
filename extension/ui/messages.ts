import type { HostStatus } from '../../runner-host/protocol/methods';
import type { GuardEntry, GuardReading } from '../../runner-host/protocol/result';
import { releasable, type LeaseOwner } from '../pipeline/lease-owner';
import type { AdvanceReport, Reason, Why } from '../pipeline/outcome';
import type { Progress } from '../pipeline/progress';
import { age, clock, oneLine } from './format';
import type { Counts } from './overview';
import { inPalette } from './palette-words';

// Everything that the VS Code side says to people, one function a situation. The texts of package.json are in package.nls.json,
// those that never change in the report panel in webview/report/texts.ts.

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The engine's reasons are clauses that name the terminal's commands; a message is made of sentences, for a window. */
export function sentence(clause: string): string {
  const text = inPalette(oneLine(clause, 400));
  if (text === '') return '';
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

const withRemedy = (text: string, { text: reason, remedy }: Reason): string =>
  [text, sentence(reason), sentence(remedy)].filter(Boolean).join(' ');

// Buttons
export const openReport = (): string => 'Open Report';
export const showLog = (): string => 'Show Log';
export const showOutput = (): string => 'Show Output';
export const whyButton = (): string => 'Why?';
export const releaseButton = (): string => 'Release';
export const advanceButton = (): string => 'Advance';
export const openConfiguration = (): string => 'Open interlock.json';
export const openSourceControl = (): string => 'Open Source Control';
export const dontShowAgain = (): string => "Don't Show Again";
export const moveOn = (): string => 'Move It On';
export const moveOnWithReason = (): string => 'Move It On, with a Reason';

// Questions
export const chooseItem = (): string => 'Choose a work item';
export const chooseToAdvance = (): string => 'Choose the work item to advance';
export const chooseToHold = (): string => 'Choose the work item to hold';
export const chooseToRelease = (): string => 'Choose the work item to release';
export const chooseToSendBack = (): string => 'Choose the work item to send back to development';
export const chooseToCancel = (): string => 'Choose the work item whose run is to be cancelled';
export const chooseToExplain = (): string => 'Choose the work item to explain';
export const chooseToCopy = (): string => 'Choose the work item whose id is to be copied';
export const chooseForLog = (): string => 'Choose the work item whose log is to be shown';
export const chooseForReport = (): string => 'Choose the work item whose report is to be shown';
export const chooseForWorktree = (): string => 'Choose the work item whose worktree is to be opened';
export const chooseRepository = (): string => 'Choose the repository';
export const nothingToChoose = (): string => 'No work item fits this command now.';
export const pickGroup = (condition: string): string =>
  ({
    ready: 'Ready',
    waiting: 'Waiting for a person or an agent',
    held: 'Held',
    deferred: 'Deferred',
    running: 'Running',
    done: 'Done',
  })[condition] ?? condition;
export const reasonPrompt = (): string => 'Reason (may stay empty; it is written into the history)';
export const holdTitle = (item: string): string => `Hold ${item}`;
export const releaseTitle = (item: string): string => `Release ${item}`;
export const chooseToAcknowledge = (): string => 'Choose the work item whose findings you have looked at';
export const acknowledgeTitle = (item: string, count: number): string =>
  `${item} changed ${count === 1 ? 'one place' : `${count} places`} by which it is judged. Have you looked at ${count === 1 ? 'it' : 'them'}?`;
export const acknowledgeButton = (): string => 'Acknowledge';
export const acknowledgeDetail = (findings: readonly string[], more: number): string =>
  [...findings, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
export const noFindings = (item: string): string => `${item} waits for nobody to look at findings.`;
export const sendBackTitle = (item: string): string => `Send ${item} back to development`;
export const moveOnQuestion = (item: string, stage: string): string =>
  `No exit code decides ${stage}. Move ${item} on as your decision?`;
export const moveOnDetail = (reason: string): string =>
  `${sentence(reason)} The history will say that you moved it on, without a gate.`;

// Leases
export const chooseLeased = (): string => 'Choose the work item whose lease is to be released';
export const noLease = (item: string): string => `Nobody holds a lease of ${item}.`;
export const releaseLeaseTitle = (item: string): string => `Release the lease of ${item}`;
export const leaseHeading = (item: string, { lease, liveness }: LeaseOwner): string =>
  ({
    dead: `The lease of ${item} belongs to a process that is gone.`,
    unknown: `Nobody here can say whether the owner of the lease of ${item} still lives.`,
    alive: `${oneLine(lease.actor)} is advancing ${item}, and the process is alive.`,
  })[liveness];
export const leaseDetail = (owner: LeaseOwner, now: number): string => {
  const { actor, pid, host, at } = owner.lease;
  return [
    `Owner: ${oneLine(actor)}, process ${pid} on ${oneLine(host)} (${owner.liveness}).`,
    `Since ${clock(at, now)} (${age(at, now)}).`,
    {
      freely: 'The run it started goes on, if there is one; the next advance takes it up.',
      'by-force': `If it still runs, its next write is refused. Look on ${oneLine(host)} first whether process ${pid} is gone.`,
      never: `Cancel its run. If it hangs, end process ${pid} or close its window; then release the lease.`,
    }[releasable(owner)],
  ].join('\n');
};
export const releaseLeaseButton = (how: 'freely' | 'by-force'): string =>
  how === 'freely' ? 'Release Lease' : 'Release It Anyway';
export const cancelRunButton = (): string => 'Cancel Run';
export const leaseReleased = (item: string): string =>
  `The lease of ${item} is released. Whatever its old owner still writes is refused.`;

// Adding an item
export const addStep = (step: number, steps: number): string => `Add Work Item (${step}/${steps})`;
export const titlePrompt = (): string => 'Title: what is to be done';
export const titleNeeded = (): string => 'A title is needed.';
export const idPrompt = (): string => 'Id, for example DEMO-1. Leave it empty for the next free one.';
export const idMalformed = (): string => '2 to 64 letters, digits, dots, dashes and underscores, with a letter first.';
export const idTaken = (id: string, title: string): string => `${id} is taken: ${oneLine(title, 80)}`;
export const branchPrompt = (): string => 'Branch. Leave it empty for a new one; one that exists is taken as it is.';
export const notAdded = (reason: Reason): string => withRemedy('The work item was not added.', reason);
export const noRepositoryOpen = (): string => 'Open a folder with a git repository first.';

// interlock.json
export const initialized = (why: readonly string[]): string => why.map(sentence).join(' ');
export const alreadyInitialized = (): string => 'interlock.json is there already; it was left as it is.';
export const configUnusable = (): string => 'interlock.json cannot be used.';

// Advancing
export const advancing = (item: string): string => `Interlock: advancing ${item}`;
export const stopping = (): string => 'stopping: waiting until every process of the run is dead';
export const progress = (step: Progress): string => {
  switch (step.kind) {
    case 'stage':
      return `${step.from} → ${step.to}`;
    case 'run':
      return step.state === 'queued' && step.position !== null
        ? `queued, position ${step.position}`
        : `run ${step.state}`;
    case 'note':
      return oneLine(step.text);
    case 'output':
      return '';
  }
};
export const logLine = ({ item, from, to, outcome, reason, run }: AdvanceReport): string =>
  `${item}: ${from === to ? from : `${from} -> ${to}`}: ${outcome} (${reason.code}: ${oneLine(reason.text)})${run ? `, run ${run}` : ''}`;
export const rolledBack = ({ item, from, to, reason }: AdvanceReport): string =>
  `${item} failed ${from} and is back at ${to}. ${sentence(reason.text)}`;
export const held = ({ item, to, reason }: AdvanceReport): string => withRemedy(`${item} is held at ${to}.`, reason);
export const deferred = ({ item, reason }: AdvanceReport): string =>
  withRemedy(`${item} is deferred: this says nothing about its code.`, reason);
export const refusedAdvance = ({ item, from, reason }: AdvanceReport): string =>
  withRemedy(`${item} was not advanced: the gate of ${from || 'its stage'} is closed (${reason.code}).`, reason);
export const waits = ({ item, to, reason }: AdvanceReport): string => withRemedy(`${item} waits at ${to}.`, reason);
export const cancelled = (item: string): string => `The run of ${item} is cancelled: every process of it is dead.`;
export const refused = (item: string, reason: Reason): string => withRemedy(`${item} stays as it is.`, reason);
export const heldNotice = (item: string, stage: string, reason: string): string =>
  `${item} is held at ${stage} and needs a person. ${sentence(reason)}`;
export const redAfterGreen = (item: string, reason: string): string =>
  `${item} was green and is red now. ${sentence(reason)}`;
export const itemGone = (item: string): string => `There is no work item ${item}.`;
export const failed = (text: string, remedy: string): string =>
  [sentence(text), sentence(remedy)].filter(Boolean).join(' ');
export const untrusted = (): string =>
  'Interlock starts nothing in a workspace that is not trusted: it would run the commands that interlock.json names.';
export const worktreeMissing = (path: string): string =>
  `The worktree ${path} is missing. Bring it back with "git worktree add", then try again.`;
export const notInWorktree = (path: string): string => `${oneLine(path)} is not a file in the item's worktree.`;

// Why
export const whyHeading = ({ item, stage, condition }: Why): string => `${item} is ${condition} at ${stage}.`;
export const whyDetail = ({ reason, since, turn, nextAction, nextAt, evidence }: Why, now: number): string =>
  [
    sentence(reason.text),
    `Since ${clock(since, now)} (${age(since, now)}).`,
    `Turn: ${turn === 'person' ? 'a person' : turn === 'nobody' ? 'nobody' : `the ${turn}`}.`,
    nextAction && `Next: ${sentence(nextAction)}`,
    nextAt !== null && `Tries again at ${clock(nextAt, now)}.`,
    ...evidence.map((line) => `• ${oneLine(line, 300)}`),
  ]
    .filter(Boolean)
    .join('\n');

// Ledger and host
export const proving = (name: string): string => `Proving the gate of ${name}`;
export function proof(name: string, outcome: 'sighted' | 'blind' | 'unproven', reason: Reason): string {
  const found = {
    sighted: 'the gate goes red when it must.',
    blind: 'the gate is BLIND; nothing passes testing until a later proof succeeds.',
    unproven: 'not proven either way.',
  };
  return `${name}: ${found[outcome]} ${sentence(reason.text)} ${sentence(reason.remedy)}`.trim();
}

export const ledgerVerified = (name: string): string =>
  `The ledger of ${name} was checked: hashes and invariants hold.`;
export const ledgerFindings = (name: string, count: number, first: string): string =>
  `The ledger of ${name} has ${plural(count, 'finding')}. ${sentence(first)}`;
export const ledgerReadOnly = (name: string, reason: string, remedy: string): string =>
  `The ledger of ${name} is read-only. ${sentence(reason)} ${sentence(remedy)}`;
export const hostHeading = (): string => 'Runner hosts: they run the suites, and outlive the window';
export const noHost = (): string => 'No runner host is running';
export const noHostDetail = (): string => 'The next run starts one.';
export const hostLine = (pid: number, runs: number): string => `Process ${pid}, ${plural(runs, 'run')}`;
export const hostDetail = (
  { startedAt, memoryBytes, containment, clients, draining }: HostStatus,
  now: number,
): string =>
  [
    `since ${clock(startedAt, now)}`,
    `${Math.round(memoryBytes / 2 ** 20)} MiB`,
    `containment ${containment}`,
    plural(clients, 'client'),
    draining && 'draining: takes no new run',
  ]
    .filter(Boolean)
    .join(', ');
export const hostRun = (state: string, position: number | null, bytes: number): string =>
  [state, position !== null && `position ${position}`, `${Math.round(bytes / 1024)} KiB of output`]
    .filter(Boolean)
    .join(', ');
export const logGone = (run: string): string => `There is no output of run ${run} any more.`;
export const logCut = (bytes: number, path: string): string =>
  `… ${Math.round(bytes / 1024)} KiB before this are left out; the whole log is ${path}`;
export const noRunYet = (item: string): string => `${item} has no run yet.`;

// Tree and status bar
export const doneGroup = (): string => 'Done';
export const showMore = (): string => 'Show 50 more…';
export const badge = (count: number): string => `${plural(count, 'work item needs', 'work items need')} a person`;
export const statusCounts = ({ running, deferred: later, needsPerson, items }: Counts): string =>
  [
    running > 0 && `${running} running`,
    later > 0 && `${later} deferred`,
    needsPerson > 0 && `${needsPerson} ${needsPerson === 1 ? 'needs' : 'need'} you`,
  ]
    .filter(Boolean)
    .join(' · ') || plural(items, 'item');
export const statusTooltip = ({ items, running, deferred: later, held: stopped, needsPerson }: Counts): string =>
  `${plural(items, 'work item')}: ${running} running, ${later} deferred, ${stopped} held, ${needsPerson} in need of a person`;
export const statusLedger = (): string => 'Interlock: ledger';
export const statusLedgerTooltip = (): string =>
  'The ledger cannot be written: no work item moves before that is mended.';
export const statusBroken = (): string => 'Interlock: configuration';
export const statusBrokenTooltip = (): string => 'Interlock cannot work in this window: the view says why.';

// The report panel
export const panelTitle = (item: string): string => `Report ${item}`;
export const openingHeading = (): string => 'Opening the ledger…';
export const notOpenHeading = (): string => 'Not open in this window';
export const notOpenText = (repository: string): string => `The report belongs to ${repository}.`;
export const itemGoneText = (): string => 'The ledger of this repository does not know it.';
export const noRunHeading = (item: string): string => `${item} has no run yet`;
export const noRunText = (): string => 'Its report appears here when its tests have run.';
export const reportFailedHeading = (): string => 'The report cannot be shown';
export const runGoing = (state: string, position: number | null): string =>
  state === 'queued'
    ? `The run waits for its turn${position === null ? '' : `, position ${position}`}.`
    : state === 'stopping'
      ? 'The run is being stopped: waiting until every process of it is dead.'
      : 'The suite is running. The verdict follows when it ends.';
export const decidedByExit = (exit: string): string => `Decided by exit code: ${exit}`;
export const decidedByAgent = (): string =>
  'An agent wrote this verdict. No exit code stands behind it: it is an opinion.';
export const decidedByNobody = (): string => 'No verdict: this says nothing about the code';
export const notJudgedYet = (): string => 'The result is there; its verdict is not written yet.';
export const cancelledWord = (): string => 'CANCELLED';
export const heldInfraWord = (): string => 'HELD: INFRA';
export const deferredInfraWord = (): string => 'DEFERRED: INFRA';
export const noVerdictWord = (): string => 'NO VERDICT';
export const fixAndAdvance = (branch: string): string => `Fix the code, commit on ${branch}, then advance again.`;
export const headMoved = (tested: string, now: string): string =>
  `Stale: the branch has moved from the tested commit ${tested} to ${now}. This report does not speak for it.`;
export const heldAnyway = (reason: string): string => `Held: ${sentence(reason)}`;
export const newerRunExists = (): string => 'There is a newer run of this item.';
export const survivors = (pids: number[]): string => `Could not be ended: process ${pids.join(', ')}.`;
export const leaked = (count: number): string =>
  `The command left ${plural(count, 'process', 'processes')} behind; Interlock ended ${count === 1 ? 'it' : 'them'}.`;
export const outputCut = (bytes: number): string =>
  `${Math.round(bytes / 1024)} KiB in the middle of the output were not kept.`;
export const outsideItsTests = (): string =>
  'Failed outside its tests: the suite ended red and names no failed test. Look at the log for the build, the collection or the teardown.';
export const exitLabel = (): string => 'Exit code';
export const commandLabel = (): string => 'Command';
export const headLabel = (): string => 'HEAD';
export const treeLabel = (): string => 'Tree';
export const baseLabel = (): string => 'Rules from';
export const durationLabel = (): string => 'Duration';
export const startedLabel = (): string => 'Started';
export const processesLabel = (): string => 'Processes';
export const runLabel = (): string => 'Run';
export const processes = (cleanliness: string): string =>
  ({ clean: 'all ended, proven', swept: 'none found after it', dirty: 'some are still alive' })[cleanliness] ??
  cleanliness;
export const containment = (kind: string): string => `containment: ${kind}`;
export const exitGreen = (): string => '0 means green';
export const exitRed = (): string => 'anything but 0 means red';
export const reportLabel = (): string => 'Report';
export const reportCounts = (tests: number, bad: number): string => `${plural(tests, 'test')}, ${bad} failed`;
export const reportNone = (): string => 'none configured';
export const reportNoneNote = (): string => 'the number of tests is not proven';
export const reportMissing = (): string => 'missing';
export const reportUnreadable = (): string => 'unreadable';
export const reportAgrees = (): string => 'agrees with the exit code';
export const reportRedExitGreen = (): string => 'names failures, but the exit code is 0';
export const reportGreenExitRed = (): string => 'names no failure, but the exit code is not 0';
export const floorLabel = (): string => 'Floor';
export const executed = (count: number): string => `${count} executed`;
export const floorAsks = (floor: number, source: string): string => `at least ${floor} (${oneLine(source, 120)})`;
export const floorNone = (source: string): string => `none asked for (${oneLine(source, 120)})`;
export const floorUnknown = (): string => 'the rule of this run is not known';
export const artifactLabel = (): string => 'Artifact';
export const artifactUnchanged = (): string => 'is the file that Interlock wrote';
export const artifactEdited = (): string => 'edited';
export const artifactEditedNote = (): string =>
  'The report file is not the one that Interlock wrote: the gate does not take it as evidence.';
export const artifactMissing = (): string => 'not there';
export const artifactUnreadable = (): string => 'unreadable';
export const artifactMissingNote = (): string => 'the worktree does not hold it now';
export const artifactNoneNote = (): string => 'no file was written for this run';

// What a verdict rests on besides its run
export const findingsLabel = (): string => 'Findings';
export const findingsCount = (count: number, person: number): string =>
  person === 0 ? plural(count, 'change') : `${plural(count, 'change')}, ${person} for a person to look at`;
export const findingLine = (kind: string, path: string, detail: string): string => {
  const words: Record<string, string> = {
    'test-file': 'test file',
    'skip-mark': 'skip marks',
    'base-tests': "base's tests",
  };
  return `${path}: ${words[kind] === undefined ? '' : `${words[kind]} `}${detail}`;
};
export const againstBaseLabel = (): string => 'Against base';
export const againstBase = (commit: string, end: string, detail: string, alsoRed: number): string => {
  if (end === 'unknown') return `${commit} could not be asked: ${detail}`;
  const also =
    alsoRed === 0 ? '' : `; ${plural(alsoRed, 'failure')} of this run ${alsoRed === 1 ? 'is' : 'are'} there too`;
  return `${commit} is ${end === 'timeout' ? 'not over in time' : end} (${detail})${also}`;
};
export const flakyLabel = (): string => 'Flaky';
export const flakyTests = (count: number, unknown: number): string =>
  `${plural(count, 'test')} red before on the identical tree, ${unknown} not on record as flaky`;
export const namesLabel = (): string => 'Tests by name';
export const namesChanged = (fresh: number, gone: number, skipped: number): string =>
  `${fresh} new, ${gone} gone, ${skipped} newly skipped`;
export const nameNew = (): string => 'New';
export const nameGone = (): string => 'Gone';
export const nameNewlySkipped = (): string => 'Newly skipped';
export const testLine = (word: string, suite: string, name: string): string =>
  `${word === '' ? '' : `${word}: `}${suite === '' ? '' : `${suite} › `}${name}`;
export const smokeLabel = (): string => 'Smoke';
export const smokeCount = (requests: number, bad: number): string =>
  `${plural(requests, 'request')}, ${bad === 0 ? 'answered as expected' : `${bad} not answered as expected`}`;
export const smokeLine = (url: string, outcome: 'right' | 'wrong' | 'none', detail: string): string =>
  `${url}: ${{ right: 'as expected', wrong: 'wrong', none: 'no answer' }[outcome]}, ${detail}`;
export const outsideWritesLabel = (): string => 'Writes to the outside';
export const outsideWrites = ({ blocked, allowed, unreadable }: GuardReading): string =>
  [
    `${blocked} refused, ${allowed} let pass to the sandbox`,
    unreadable > 0 && `${plural(unreadable, 'line')} of the record cannot be read`,
  ]
    .filter(Boolean)
    .join('; ');
export const outsideWriteLine = ({ action, method, target, by }: GuardEntry): string =>
  `${action === 'blocked' ? 'Refused' : 'Let pass'}: ${method} to ${target} (${by})`;
export const biteNote = (mode: 'advisory' | 'required', testFiles: number): string =>
  testFiles === 0
    ? 'The item changed no test file: there is nothing to ask.'
    : `New tests prove something if they are red without the item's code. ${mode === 'required' ? 'Required: the gate asks for it.' : 'Advisory: it closes nothing.'}`;
export const biteEnd = (end: 'green' | 'red' | 'timeout'): string => (end === 'timeout' ? 'not over in time' : end);
export const biteUnknown = (): string => 'not known';
export const biteCellNote = (wanted: 'green' | 'red', is: boolean): string =>
  is ? 'as it must be' : `must be ${wanted}`;

// Test Explorer
export const testRunName = (item: string, run: string): string => `${item}, run ${run}`;
export const infraMessage = (cause: string, detail: string): string => `Not executed (${cause}): ${detail}`;
export const outsideLabel = (): string => 'failed outside its tests';
export const unnamedSuite = (): string => '(suite without a name)';
export const unnamedCase = (): string => '(test without a name)';
