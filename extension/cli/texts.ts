import type { ConfigProblem } from '../config/project-config';
import type { Progress } from '../pipeline/progress';
import type { ReportReading, Supervision, TestRunResult } from '../../runner-host/protocol/result';
import type { StagingNeed, StagingRunResult } from '../../runner-host/protocol/staging';
import type { WaiverUse } from '../artifacts/waiver-use';
import { plainLine } from './plain-text';
import { plural } from './plural';

interface ErrorText {
  message: string;
  remedy: string;
}
type ProgressOf<K extends Progress['kind']> = Progress & { kind: K };

const didYouMean = (near: string | undefined): string => (near === undefined ? '' : ` Did you mean "${near}"?`);
const helpOf = (command: string | null): string =>
  command === null ? 'interlock --help' : `interlock ${command} --help`;

/** Everything that the terminal says to people, apart from the words of --help (help-texts.ts). One function a situation. */
export const texts = {
  // The command line
  unknownCommand: (word: string, near: string | undefined): ErrorText => ({
    message: `There is no command "${word}".${didYouMean(near)}`,
    remedy: 'See all commands: interlock --help',
  }),
  noCommand: (): ErrorText => ({ message: 'No command was given', remedy: 'See all commands: interlock --help' }),
  missingSubcommand: (group: string, names: readonly string[]): ErrorText => ({
    message: `"${group}" needs one more word`,
    remedy: `One of: ${names.map((name) => `interlock ${name}`).join(', ')}`,
  }),
  unknownOption: (
    option: string,
    command: string | null,
    near: string | undefined,
    owners: readonly string[],
  ): ErrorText => {
    const place = command === null ? 'interlock' : `interlock ${command}`;
    const owner =
      owners.length > 0 ? ` It belongs to: ${owners.join(', ')}.` : didYouMean(near === undefined ? near : `--${near}`);
    return { message: `"${place}" knows no option ${option}.${owner}`, remedy: `See its options: ${helpOf(command)}` };
  },
  missingValue: (option: string, value: string): ErrorText => ({
    message: `${option} needs a value`,
    remedy: `${option} ${value}; a value that begins with a dash: ${option}=${value}`,
  }),
  unexpectedValue: (option: string): ErrorText => ({
    message: `${option} takes no value`,
    remedy: `Give ${option} alone.`,
  }),
  missingArgument: (command: string, name: string): ErrorText => ({
    message: `"interlock ${command}" needs ${name}`,
    remedy: `See its usage: ${helpOf(command)}`,
  }),
  tooManyArguments: (command: string, extra: string): ErrorText => ({
    message: `"${extra}" is one argument too many for "interlock ${command}"`,
    remedy:
      command === 'add'
        ? 'Put the title into quotes: interlock add "Fix the login"'
        : `See its usage: ${helpOf(command)}`,
  }),
  noSuchFolder: (path: string): ErrorText => ({
    message: `${path} is not a folder`,
    remedy: 'Give an existing folder to --cwd.',
  }),

  badConcurrency: (text: string): ErrorText => ({
    message: `INTERLOCK_CONCURRENCY is "${text}"; it has to be a whole number from 1 to 1024`,
    remedy: 'Correct the variable, or unset it: a runner host then executes as many runs at once as half the cores.',
  }),

  // Things that are not there
  noSuchItem: (id: string, near: string | undefined, count: number): ErrorText => ({
    message: `There is no work item "${id}".${didYouMean(near)}`,
    remedy: count === 0 ? 'Make the first one: interlock add "TITLE"' : 'See all work items: interlock list',
  }),
  noSuchStage: (stage: string, near: string | undefined, stages: readonly string[]): ErrorText => ({
    message: `This project has no stage "${stage}".${didYouMean(near)}`,
    remedy: `Its stages: ${stages.join(', ')}`,
  }),
  noSuchRun: (id: string, run: string): ErrorText => ({
    message: `${id} has no run "${run}"`,
    remedy: `See its runs: interlock show ${id}`,
  }),
  noRunLeft: (id: string): ErrorText => ({
    message: `${id} is done and has no run in view: those of long closed items are in the journal only`,
    remedy: `See its steps: interlock log ${id}`,
  }),
  noRunYet: (id: string): ErrorText => ({ message: `${id} has no finished run yet`, remedy: `interlock why ${id}` }),
  configInvalid: (problems: readonly ConfigProblem[]): ErrorText => {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${plural(problems.length - 1, 'more problem')})` : '';
    return {
      message: first ? `${configPlace(first)}: ${first.message}${more}` : 'interlock.json could not be used',
      remedy: first?.remedy ?? 'interlock init',
    };
  },
  fileNotWritable: (path: string, system: string): ErrorText => ({
    message: `${path} cannot be written (${system})`,
    remedy: 'Make the folder writable, or free disk space, then repeat the command.',
  }),
  outputFailed: (system: string): ErrorText => ({
    message: `The answer could not be written to standard output (${system})`,
    remedy: 'The command itself was carried out. Free disk space or print elsewhere, then ask again: interlock status',
  }),
  unexpected: (what: string): ErrorText => ({
    message: `Interlock failed in a way that it did not foresee: ${what}`,
    remedy: 'Nothing that was recorded is lost. Repeat with --verbose for the details, and report them as a bug.',
  }),
  errorLine: (code: string, message: string): string => `interlock: ${message} [${code}]`,
  remedyLine: (remedy: string): string => `  ${remedy}`,
  problemLine: (problem: ConfigProblem): string => `  ${configPlace(problem)}: ${problem.message}. ${problem.remedy}`,

  // Progress
  liveLine: (s: { item: string; stage: string; phase: string; elapsed: string; lastLine: string }): string =>
    [s.item, s.stage, s.phase || 'working', s.elapsed, s.lastLine].filter(Boolean).join('  '),
  heartbeat: (s: { item: string; stage: string; phase: string; elapsed: string; lastLine: string }): string =>
    `${s.item}: ${s.stage} still ${s.phase} after ${s.elapsed}${s.lastLine ? `; last line: ${s.lastLine}` : ''}`,
  outputLine: (text: string): string => `  | ${text}`,
  stageMoved: ({ item, from, to }: ProgressOf<'stage'>): string => `${item}: ${from} -> ${to}`,
  runState: ({ state, position }: ProgressOf<'run'>): string =>
    state === 'queued' && position !== null ? `queued (${position} in line)` : state,
  runMoved: (progress: ProgressOf<'run'>): string =>
    `${progress.item}: run ${progress.run} ${texts.runState(progress)}`,
  noted: ({ item, text }: ProgressOf<'note'>): string => `${item}: ${text}`,
  interruptedOnce: (item: string): string =>
    `Cancelling ${item}: waiting until every process of its run is dead. Ctrl-C again leaves without waiting.`,
  interruptedTwice: (item: string): string =>
    `Leaving. The runner host goes on killing the run of ${item}; see: interlock why ${item}`,
  interrupted: (item: string): ErrorText => ({
    message: `Left before the end of ${item}'s run; the runner host goes on killing it`,
    remedy: `interlock why ${item}`,
  }),

  // Answers
  closeFailed: (why: string): string => `The ledger or the runner host could not be let go cleanly: ${why}`,
  readOnly: (reason: string, remedy: string): string => `The ledger is read-only: ${reason}. ${remedy}`,
  next: (action: string): string => `  Next: ${action}`,
  noItems: 'No work items yet. Make one: interlock add "TITLE"',
  noHistory: 'Nothing has happened yet.',
  noAlerts: 'No alert waits to be seen.',
  alertsSeen: (count: number): string => `${plural(count, 'alert')} marked as seen.`,
  advanceHead: (from: string, to: string, id: string): string =>
    from === to ? `${id}  ${from}` : `${id}  ${from} -> ${to}`,
  reportCommand: (id: string, run: string): string => `interlock report ${id} --run ${run}`,
  noDetails: (why: string): string => `The run's details cannot be shown: ${why}`,
  failures: (shown: number, all: number): string =>
    shown < all ? `Failed tests (${shown} of ${all}):` : `Failed tests (${all}):`,
  tail: 'Last lines of the output:',
  moved: (tested: string, now: string): string =>
    `The branch has moved on since: tested ${tested.slice(0, 8)}, now ${now.slice(0, 8)}.`,
  opinion: 'This verdict is an opinion: no runner made it.',
  counts: (reading: ReportReading): string => {
    switch (reading.state) {
      case 'not-configured':
        return 'not configured: the number of tests is not proven';
      case 'missing':
        return `missing: ${reading.path}`;
      case 'unreadable':
        return `unreadable: ${reading.path}: ${reading.reason}`;
      case 'read':
        return `${plural(reading.tests, 'test')}: ${reading.passed} passed${reading.flaky === undefined ? '' : ` (${reading.flaky.count} only when run again)`}, ${reading.failed} failed, ${reading.errored} errored, ${reading.skipped} skipped`;
    }
  },
  processes: (s: Supervision): string => {
    const leaked = s.leaked > 0 ? `; ${plural(s.leaked, 'process', 'processes')} left behind by the command` : '';
    const survivors =
      s.survivors.length > 0 ? `; still alive: ${s.survivors.map((p) => `${p.pid} ${p.command}`).join(', ')}` : '';
    return `${s.cleanliness} (${s.containment})${leaked}${survivors}`;
  },
  outside: (guard: TestRunResult['guard']): string | null => {
    if (!guard || guard.blocked + guard.allowed + guard.unreadable === 0) return null;
    const first = guard.entries.map(({ method, target }) => `${method} ${target}`).slice(0, 3);
    const counts = `${plural(guard.blocked, 'write')} refused, ${guard.allowed} let pass`;
    return [counts, ...first].join('; ');
  },
  smoke: (answers: TestRunResult['smoke']): string | null => {
    if (!answers || answers.length === 0) return null;
    const bad = answers.filter(({ outcome }) => outcome !== 'right');
    const right = `${answers.length - bad.length} of ${plural(answers.length, 'request')} answered as expected`;
    return [right, ...bad.map(({ url, detail }) => `${url}: ${detail}`)].join('; ');
  },
  landing: 'landing',
  frozen: (base: string, reason: string): string => `nothing lands on ${base}: ${reason}`,
  lander: (
    base: string,
    { actor, pid, host, liveness }: { actor: string; pid: number; host: string; liveness: string },
  ) => `${actor} is landing on ${base} (process ${pid} on ${host}, ${liveness})`,
  notProvablyAlive: (remedy: string): string =>
    `  It may be gone. A dead one loses its place by itself, with the next advance, or by: ${remedy}`,
  otherQueue: ({ base, frozen, items }: { base: string; frozen: boolean; items: number }): string =>
    `Also ${base}: ${plural(items, 'item')}${frozen ? ', frozen' : ''}; interlock queue --base ${base}`,
  queueOf: (base: string): string => `queue ${base}`,
  sentenceOf: (id: string, text: string): string => `${id}: ${text}`,
  generatedGoes: (dryRun: boolean, paths: readonly string[]): string =>
    `  ${dryRun ? 'With it goes' : 'With it went'} what tools make again: ${paths.slice(0, 10).join(', ')}${paths.length > 10 ? ', ...' : ''}`,
  bringBack: '  To bring it back:',
  nobodyQueues: (base: string): string => `No item waits to land on ${base}.`,
  receiptHolds: (commit: string): string => `${commit} is what its receipt says.`,
  receiptFails: (commit: string): string => `${commit} is not what a receipt says:`,
  testedTogether: (batch: readonly string[], tip: string): string =>
    `with ${batch.join(', ')}; tested in a batch, tip ${tip.slice(0, 8)}`,
  stagingHost: ({ host, transport, connections }: StagingRunResult['remote']): string =>
    `${host}, by ${transport}, ${plural(connections, 'connection')}`,
  served: (served: StagingRunResult['served']): string => {
    if (served === null) return 'not proven';
    const { before, after } = served;
    return before === after
      ? before.slice(0, 8)
      : `${before.slice(0, 8)} before, ${after?.slice(0, 8) ?? 'unknown'} after`;
  },
  waiver: ({ check, use, until, reference }: WaiverUse): string => `${use}: ${check}, until ${until} (${reference})`,
  leftOnHost: ({ survivors, leaked }: StagingRunResult['remote']): string => {
    const left = survivors === null ? 'not known' : survivors === 0 ? 'none left' : `${survivors} left on the host`;
    return leaked !== null && leaked > 0 ? `${left}; ${leaked} outlived the command` : left;
  },
  whoseTurn: (turn: string): string => (turn === 'nobody' ? 'nobody' : turn === 'person' ? 'a person' : `the ${turn}`),
  proofHead: (outcome: 'sighted' | 'blind' | 'unproven'): string =>
    ({
      sighted: 'The gate goes red when it must.',
      blind: 'The gate is BLIND: nothing passes testing until a later proof succeeds.',
      unproven: 'Not proven either way.',
    })[outcome],
  doctor: {
    fact: (name: string, ok: 'yes' | 'no' | 'unknown', text: string): string =>
      `${{ yes: 'ok ', no: 'BAD', unknown: ' ? ' }[ok]}  ${name.padEnd(11)} ${text}`,
    verdict: (fine: boolean): string =>
      fine ? 'Interlock can work here.' : 'Something has to be mended first: see the lines above.',
    ledger: (folder: string): string => `open, in ${folder}`,
    host: (pid: number, version: number): string => `running, process ${pid}, protocol ${version}`,
    weak: (containment: string): string => `${containment}: what a run leaves behind is found by a scan, without proof`,
    ready: (host: string): string => `${host} is ready`,
    notReady: (host: string, state: string, cause: string): string =>
      `${host === '' ? 'the staging host' : host} is not ready: ${state}, ${cause}`,
    askPassphrase: (identity: string): string => `Passphrase of ${plainLine(identity)} (not shown): `,
    askPassword: 'Password (not shown): ',
    askTrust: 'Compare it with what the host\'s keeper says. Trust it? Type "yes": ',
    newKey: (host: string, port: number, type: string, fingerprint: string): string =>
      `The host ${host} port ${port} is not known. Its ${type} key has the fingerprint ${fingerprint}`,
    need: (need: StagingNeed): string => {
      const what = {
        passphrase: 'the passphrase of an identity',
        password: 'a password',
        trust: 'your word on a new host key',
      }[need.kind];
      return `It needs ${what}: run "interlock doctor" at a terminal, or "Interlock: Check Staging Host" in VS Code`;
    },
  },
  verified: 'Checked: hashes, attestations and invariants hold.',
  findings: (count: number): string =>
    `${plural(count, 'finding')}: do not trust the ledger before they are understood.`,
  ledgerOpen: 'open',
  configFine: (branch: string, commit: string, stages: readonly string[]): string =>
    `interlock.json of ${branch} at ${commit}: ${stages.join(' -> ')}`,
  configBroken: ({ message, remedy }: ErrorText): string => `cannot be used: ${message}. ${remedy}`,
  switchedOff: (name: string, state: string, actor: string, reason: string): string =>
    `${name} ${state} (${actor}: ${reason})`,
  noHost: 'No runner host is running; the next run starts one.',
  hostUnknown: (message: string): string => `could not be asked: ${message}`,
  hostLine: (pid: number, runs: number, since: string): string =>
    `running, process ${pid}, started ${since}, ${plural(runs, 'run')}`,
  draining: 'The runner host takes no new run and ends when the present ones have ended.',
  drainingNow: 'The runner host cancels its runs and ends.',
  nothingToDrain: 'No runner host is running: nothing to drain.',
  wrote: (file: string): string => `Wrote ${file}`,
  because: (sentence: string): string => `  ${sentence}`,

  label: {
    artifact: 'artifact',
    base: 'base',
    branch: 'branch',
    candidate: 'candidate',
    cleanup: 'cleanup',
    clients: 'clients',
    command: 'command',
    configuration: 'config',
    containment: 'containment',
    draining: 'draining',
    environment: 'environment',
    evidence: 'evidence',
    findings: 'findings',
    helps: 'helps',
    hold: 'hold',
    host: 'host',
    items: 'items',
    lease: 'lease',
    ledger: 'ledger',
    log: 'log',
    memory: 'memory',
    next: 'next',
    nextAt: 'next try',
    outcome: 'outcome',
    outside: 'outside',
    passed: 'let pass',
    planted: 'planted',
    processes: 'processes',
    protocol: 'protocol',
    reason: 'reason',
    report: 'report',
    result: 'result',
    retries: 'retries',
    run: 'run',
    served: 'served',
    since: 'since',
    smoke: 'smoke',
    stage: 'stage',
    switches: 'switches',
    tested: 'tested',
    together: 'together',
    turn: 'turn',
    waivers: 'waivers',
    worktree: 'worktree',
  },
  sections: { running: 'Running', held: 'Held', deferred: 'Deferred', alerts: 'Alerts' },
  columns: {
    items: ['ID', 'STAGE', 'CONDITION', 'SINCE', 'TITLE'],
    queue: ['PLACE', 'ID', 'CONDITION', 'SINCE', 'REASON'],
    runs: ['RUN', 'STAGE', 'STARTED', 'VERDICT', 'RESULT'],
    log: ['WHEN', 'ITEM', 'WHO', 'WHAT', 'STAGE', 'EVIDENCE'],
    findings: ['CODE', 'WHERE', 'WHAT'],
    hostRuns: ['RUN', 'ITEM', 'STATE', 'STARTED'],
    running: ['ID', 'STAGE', 'SINCE', 'WHAT'],
    held: ['ID', 'STAGE', 'SINCE', 'REASON'],
    deferred: ['ID', 'STAGE', 'NEXT TRY', 'REASON'],
    alerts: ['ITEM', 'SINCE', 'ALERT'],
  },

  // Help
  tagline: 'Interlock: agents write the code, exit codes open the gates.',
  usageLine: 'Usage: interlock COMMAND [ARGUMENTS] [OPTIONS]',
  moreHelp: 'Everything about one command: interlock COMMAND --help',
  optionsHead: 'Options',
  globalHead: 'Options of every command',
  exitHead: 'Exit codes',
  exampleHead: 'Example',
};

const configPlace = ({ file, line, column, key }: ConfigProblem): string =>
  `${file}:${line}:${column}${key ? ` (${key})` : ''}`;
