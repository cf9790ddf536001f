import { oneLine, shortId } from './format';
import { sentence } from './messages';

// What the VS Code side says about staging hosts and their runs; the rest is in messages.ts.

/** Causes in words. One that is not here is shown as it is: a new word is better than a wrong one. */
const CAUSES: Readonly<Record<string, string>> = {
  authentication: 'the host refused the login',
  cancelled: 'cancelled',
  'channel-open': 'the host could not open a channel',
  'channel-refused': 'the host refuses to run commands',
  closed: 'the connection was closed',
  'command-not-found': 'the command is not on the host',
  'connection-lost': 'the connection was lost',
  'container-codes-differ': 'the container and its engine name different exit codes',
  'container-client': 'the container client is not on the host',
  'container-daemon': 'the container engine does not answer',
  'container-lost': 'the container was lost',
  'container-missing': 'there is no such container',
  'container-paused': 'the container is paused',
  'container-permission': 'the user may not talk to the container engine',
  'container-start': 'the suite did not start in the container',
  'container-stopped': 'the container does not run',
  'container-unknown': 'the container could not be looked at',
  'demo-host': 'the demo host did not start',
  disconnected: 'the host ended the connection',
  'disk-full': 'the disk of the host is full',
  'disk-unknown': 'the free disk space could not be looked at',
  'environment-name': 'a variable cannot be set on the host',
  'exec-refused': 'the host refuses to run commands',
  'frames-broken': 'the record of the run was damaged on its way',
  handshake: 'the two sides know no common way to connect',
  'host-busy': 'another run has the host',
  'host-key-changed': 'the host key is another one than before',
  'host-key-revoked': 'the host key is revoked',
  'host-key-unanswered': 'the host key was not checked',
  'host-key-unknown': 'the host key is not known yet',
  'host-lock-lost': 'the host was not kept for this run alone',
  'host-lost': 'the runner host was lost',
  'host-name': 'the host name is not known',
  'key-unusable': 'the private key cannot be used',
  'kill-unconfirmed': 'the host did not confirm that the run was ended',
  internal: 'a fault of the runner host',
  killed: 'the suite was killed',
  lease: 'nobody kept the run alive',
  'log-incomplete': 'the log did not come whole',
  'lost-before-handshake': 'the connection was lost before the handshake',
  'lost-never-started': 'the connection was lost before the run began',
  'lost-rebooted': 'the host was restarted',
  'lost-supervisor': 'the supervisor on the host is gone',
  'needs-system-client': 'only the system\'s ssh client can log in there (transport "openssh")',
  'no-evidence': 'the host gave no evidence',
  'no-process-table': 'the processes of the host cannot be looked at',
  'no-supervisor': 'something else than the supervisor answered',
  'no-system-client': 'there is no ssh program on this machine',
  'not-configured': 'no staging host is configured',
  'not-executable': 'the command is not executable on the host',
  'not-understood': 'an error that is not understood',
  'out-of-memory': 'the host ran out of memory',
  'output-not-kept': 'the output could not be kept on this machine',
  'output-limit': 'the suite printed more than is kept',
  parameters: 'the supervisor on the host was told something unusable',
  passphrase: 'the private key needs its passphrase',
  password: 'the host asks for a password',
  'preparation-failed': 'the host could not be made ready',
  ready: 'ready',
  'report-path': 'the path of the report cannot be used',
  'run-folder': 'the folder for runs on the host cannot be used',
  'run-unknown': 'the host does not know the run',
  'served-commit': "the host does not serve the item's commit",
  'served-commit-failed': 'the command that tells the served commit failed',
  silent: 'the host did not answer',
  'spawn-failed': 'a process could not be started on this machine',
  'ssh-config': 'the ssh configuration cannot be followed',
  survivors: 'processes of the suite are still alive on the host',
  'survivors-unknown': 'nobody could look for leftover processes',
  timeout: 'not over in time',
  'tool-missing': 'a tool is missing on the host',
  'unexpected-end': 'the run ended in an unexpected way',
  unreachable: 'the host cannot be reached',
  'workdir-missing': 'the work folder is missing on the host',
  'workdir-unusable': 'the work folder cannot be used',
};

export const causeWords = (cause: string): string => CAUSES[cause] ?? cause.replaceAll('-', ' ');
export const classWords = (kind: string): string =>
  ({
    'transient-infra': 'may pass by itself',
    'permanent-env': 'needs a person',
    held: 'needs a look',
    cancelled: 'cancelled',
  })[kind] ?? kind;

// The report of a staging run
export const success = (): string => 'SUCCESS';
export const failed = (): string => 'FAILED';
export const held = (): string => 'HELD';
/** The artifact's line, as it stands there. */
export const stagingStatus = (verdict: string): string =>
  `staging_status: ${verdict === 'PASS' ? success() : verdict === 'FAIL' ? failed() : verdict}`;
export const demoBanner = (): string =>
  'Demo host, no isolation: the suite ran on this machine as you. It proves nothing about a real staging host.';
export const demoRunning = (): string => 'Demo host, no isolation: the suite runs on this machine as you.';
export const infraSentence = (cause: string, detail: string): string => sentence(detail) || sentence(causeWords(cause));
export const classLabel = (): string => 'Cause';
export const classText = (cause: string, kind: string): string => `${causeWords(cause)} (${classWords(kind)})`;
export const hostLabel = (): string => 'Staging host';
export const demoHost = (): string => 'this machine';
export const transportLabel = (): string => 'Transport';
export const transport = (name: string): string => (name === 'demo' ? 'demo, no isolation' : name);
export const connectionsLabel = (): string => 'Connections';
export const connections = (count: number): string => {
  if (count === 0) return 'none came about';
  const again = count - 1;
  return again === 0 ? '1, never lost' : `reconnected ${again === 1 ? 'once' : `${again} times`}`;
};
export const leftoversLabel = (): string => 'Leftovers';
export const leftovers = (survivors: number | null, leaked: number | null): string => {
  if (survivors === null) return 'not known';
  if (survivors > 0) return `${survivors} still alive`;
  return leaked === null || leaked === 0 ? 'none' : `none, ${leaked} ended after the suite`;
};
export const survivorsWarning = (count: number): string =>
  `${count === 1 ? 'A process' : `${count} processes`} of the suite could not be ended on the host.`;
export const leakedWarning = (count: number): string =>
  `The suite left ${count === 1 ? 'a process' : `${count} processes`} behind on the host; ${count === 1 ? 'it was' : 'they were'} ended.`;
export const outOfMemory = (count: number): string =>
  `The host killed ${count === 1 ? 'a process' : `${count} processes`} for want of memory.`;
export const diskLabel = (): string => 'Free disk';
export const disk = (before: number | null, after: number | null): string => {
  const size = (kib: number | null): string =>
    kib === null ? 'not known' : kib < 2 ** 20 ? `${Math.round(kib / 1024)} MiB` : `${(kib / 2 ** 20).toFixed(1)} GiB`;
  return after === null || size(before) === size(after) ? size(before) : `${size(before)} → ${size(after)}`;
};
export const servedLabel = (): string => 'Served commit';
export const servedNotProven = (): string => 'not proven';
export const servedNotConfigured = (): string => 'no "staging.servedCommit" asks the host';
export const servedNotReached = (): string => 'the host was not asked';
export const served = (before: string, after: string | null): string => {
  const [first, last] = [shortId(oneLine(before, 80)), after === null ? 'not known' : shortId(oneLine(after, 80))];
  return first === last ? first : `${first} → ${last}`;
};
export const servedRight = (): string => "the item's commit, before and after the suite";
export const servedRuleUnknown = (): string => 'what it had to be is not known';
export const servedWrong = (head: string): string => `not the item's commit ${shortId(head)}`;
export const servedAfterUnknown = (): string => 'right before the suite, not known after it';
export const exitWaived = (): string => 'not 0, but every failing check is waived';
export const reportWaived = (): string => 'every failing check is waived';
export const reportSomeWaived = (count: number): string =>
  `agrees with the exit code; ${count === 1 ? 'one failing check is' : `${count} failing checks are`} waived`;
export const waiverUse = (use: 'applied' | 'expired' | 'unused' | 'ignored'): string =>
  ({ applied: 'waived', expired: 'expired', unused: 'not needed', ignored: 'ignored: no report' })[use];
export const waiverUntil = (until: string): string => `until ${until}`;
export const waiverExpired = (check: string, until: string): string =>
  `The waiver of ${oneLine(check, 120)} expired on ${until}: the check counts again.`;

// Checking the host
export const checking = (host: string): string =>
  `Interlock: checking the staging host${host === '' ? '' : ` ${host}`}`;
export const notConfigured = (): string =>
  'No staging host is configured: interlock.json on the base branch has no "staging".';
export const ready = (host: string): string => `${host} is ready: a run could start now.`;
export const notReady = (host: string, cause: string, kind: string, bad: readonly string[]): string =>
  [
    `${host} is not ready: ${causeWords(cause)} (${classWords(kind)}).`,
    ...bad.map((line) => `${oneLine(line, 200)}${/[.!?]$/.test(line) ? '' : '.'}`),
  ].join(' ');
export const trustTitle = (host: string, port: number): string =>
  `The host key of ${host}${port === 22 ? '' : `:${port}`} is not known yet. Is it the right one?`;
export const trustDetail = (type: string, fingerprint: string): string =>
  `${type}\n${fingerprint}\n\nCompare the fingerprint with the one that the host's owner gives you ("ssh-keygen -lf" on the host prints it). Whoever has another key pretends to be that host.`;
export const trustButton = (): string => 'Trust This Key';
export const notTrusted = (detail: string): string => `The host key was not taken: ${oneLine(detail, 300)}`;
export const trustNotOffered = (cause: string): string =>
  `${causeWords(cause).replace(/^./, (first) => first.toUpperCase())}. It is not for the taking here: find out why, then correct known_hosts by hand.`;
export const passphraseTitle = (identity: string): string => `Passphrase of ${oneLine(identity, 200)}`;
export const passphrasePrompt = (): string =>
  "Kept in VS Code's secret storage once it has worked; never in a file or a setting.";
export const passwordTitle = (host: string): string => `Password on ${oneLine(host, 200)}`;
export const wrongSecret = (): string => 'That was not it. Try again.';
export const tooManyWrong = (): string =>
  'Three wrong answers. Hosts lock out who asks too often: check it elsewhere, then run "Interlock: Check Staging Host" again.';
export const secretMissing = (): string => 'Nothing was typed.';
export const secretsForgotten = (count: number): string =>
  count === 0
    ? 'No passphrase or password of a staging host is kept.'
    : `${count === 1 ? 'One passphrase or password is' : `${count} passphrases and passwords are`} forgotten. A runner host that runs keeps in memory what it was given until it ends.`;
export const checkButton = (): string => 'Check Staging Host';
export const showRunners = (): string => 'Show Runners';
export const chooseRepository = (): string => 'Choose whose staging host is to be checked';

// The Runners view
export const hostRow = (): string => 'Runner host';
export const hostRunning = (pid: number, runs: number): string =>
  `process ${pid}, ${runs === 1 ? '1 run' : `${runs} runs`}`;
export const hostIdle = (): string => 'not running';
export const hostIdleTip = (): string => 'The next run starts it.';
export const hostDraining = (): string => 'takes no new run';
export const hostUnknown = (): string => 'cannot be asked';
export const stagingRow = (): string => 'Staging host';
export const notChecked = (): string => 'not checked yet';
export const beingChecked = (): string => 'being checked';
export const stateWord = (state: string, cause: string): string => (state === 'ready' ? 'ready' : causeWords(cause));
export const factWord = (ok: boolean | null): string => (ok === null ? 'not known' : ok ? 'good' : 'bad');
