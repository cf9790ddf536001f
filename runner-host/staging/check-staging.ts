import { randomBytes } from 'node:crypto';
import type { StagingCheck, StagingCheckSpec, StagingNeed } from '../protocol/staging';
import type { HostReport } from '../ssh/connect/remote-host';
import type { Classification } from '../ssh/staging-evidence';
import { detailOf, oneLine } from './causes';
import { commandText, programOf } from './command-text';
import { CONTAINER_FAULTS, containerPreflight } from './container-text';
import { baseText } from './fetch-report';
import { placeText } from './remote-supervision';
import { REMOTE_BASE, type StagingTools } from './run-staging';
import { judgeSession, superviseRemote, type SessionEnd } from './session';
import type { HostUse } from './staging-hosts';

/** However slow the host is. */
const CHECK_MS = 60_000;
const FOUND_CHARS = 64 * 1024;

type Fact = StagingCheck['facts'][number];

/** Looks at the host as a run would find it, over the same supervisor. Bounded; never throws. */
export async function checkStaging(spec: StagingCheckSpec, tools: StagingTools): Promise<StagingCheck> {
  try {
    return await tools.hosts.use(spec.target, (use) => look(spec, tools, use));
  } catch (error) {
    const text = oneLine((error as Error).message);
    const host = placeText(spec.target, null);
    return { state: 'held', cause: 'internal', host, need: null, facts: [{ ok: false, text }] };
  }
}

async function look(spec: StagingCheckSpec, { script, limits }: StagingTools, use: HostUse): Promise<StagingCheck> {
  const id = randomBytes(8).toString('hex');
  let log = '';
  const short = { ...limits, serviceMs: CHECK_MS, reconnectMs: Math.min(limits.reconnectMs, CHECK_MS / 4) };
  const end = await superviseRemote(
    use.host,
    {
      ...{
        runId: `check-${id}`,
        base: REMOTE_BASE,
        workdir: spec.cwd,
        token: `ILK_RUN_CHECK_${id}`,
        owner: '',
        sweep: '',
      },
      command: checkText(spec),
      program: spec.container === null ? programOf(spec.command) : spec.container.engine,
      ...{ timeoutMs: CHECK_MS / 2, graceMs: 1000, mostLogKib: FOUND_CHARS / 1024, attachOnly: false },
    },
    {
      ...{ script, limits: short, stop: AbortSignal.timeout(CHECK_MS) },
      write: (bytes) => void (log = (log + bytes.toString('utf8')).slice(0, FOUND_CHARS)),
    },
  );
  const found = judgeSession(end);
  const answers = found.class === 'suite-ran' ? readAnswers(log) : new Map<string, string>();
  const report = use.report();
  const verdict = found.class === 'suite-ran' ? judgeAnswers(spec, answers) : found;
  return {
    state: verdict === null ? 'ready' : verdict.class === 'suite-ran' ? 'held' : verdict.class,
    cause: verdict?.cause ?? 'ready',
    host: placeText(spec.target, report),
    need: needOf(report),
    facts: [...connectionFacts(report, end, found), ...hostFacts(spec, end, found, answers)],
  };
}

/** One line for each question, each beginning with its name. */
function checkText({ container, servedCommit }: StagingCheckSpec): string {
  const lock = `${baseText(REMOTE_BASE)}/lock`;
  const box = container === null ? '' : `fault() { echo "$1"; exit 0; }\n${containerPreflight(container)}\necho fine\n`;
  return [
    ...(container === null ? [] : [`(\n${box}) | { read -r word; echo "container $word"; }`]),
    // A run that takes the lock at this moment waits for it.
    `( [ -e ${lock} ] && ! flock -n 9 && { printf 'lock '; cat ${lock}; } || echo 'lock free' ) 9<${lock} 2>/dev/null || echo 'lock free'`,
    ...(servedCommit === null
      ? []
      : [`text=$(\n${commandText(servedCommit)}\n)`, `echo "served $? $(printf %s "$text" | tr '\\n' ' ')"`]),
  ].join('\n');
}

function readAnswers(log: string): Map<string, string> {
  const lines = log.split('\n').map((line) => /^([a-z]+) (.*)$/.exec(line));
  return new Map(lines.flatMap((line) => (line === null ? [] : [[line[1] ?? '', oneLine(line[2] ?? '')] as const])));
}

type Verdict = Pick<Classification, 'class' | 'cause'>;

function judgeAnswers({ container, servedCommit }: StagingCheckSpec, answers: Map<string, string>): Verdict | null {
  const box = answers.get('container');
  if (container !== null && box !== 'fine') {
    const name = CONTAINER_FAULTS[box as keyof typeof CONTAINER_FAULTS];
    return { class: name ?? 'held', cause: name === undefined ? 'container-unknown' : (box ?? '') };
  }
  if (servedCommit !== null && !answers.get('served')?.startsWith('0 ')) {
    return { class: 'permanent-env', cause: 'served-commit-failed' };
  }
  return answers.get('lock') === 'free' ? null : { class: 'transient-infra', cause: 'host-busy' };
}

function needOf(report: HostReport | null): StagingNeed | null {
  const key = report?.hostKey ?? null;
  if (key?.state === 'unknown') {
    return {
      kind: 'trust',
      host: key.address.host,
      port: key.address.port,
      type: key.type,
      fingerprint: key.fingerprint,
    };
  }
  return report?.needs ?? null;
}

function connectionFacts(report: HostReport | null, end: SessionEnd, found: Classification): Fact[] {
  const key = report?.hostKey ?? null;
  const keyFact: Fact =
    key === null
      ? { ok: null, text: 'host key: none was seen' }
      : {
          ok: key.state === 'not-seen' ? null : key.state === 'known',
          text: `host key: ${key.state.replace('-', ' ')}, ${key.type} ${key.fingerprint}`,
        };
  const answered = end.connections > 0;
  const login: Fact = answered
    ? { ok: true, text: 'login: the host answers' }
    : { ok: false, text: `login: ${detailOf(found.cause)}` };
  return report === null && answered ? [login] : [keyFact, login];
}

const KNOWN_BEFORE_START = ['workdir-missing', 'workdir-unusable', 'command-not-found', 'not-executable'];

function hostFacts(
  spec: StagingCheckSpec,
  end: SessionEnd,
  found: Classification,
  answers: Map<string, string>,
): Fact[] {
  if (end.connections === 0) return [];
  const refused = end.evidence.frames.find((frame) => frame.type === 'env' && frame.state !== 'ok');
  const reason = refused?.type === 'env' ? refused.reason : null;
  const facts: Fact[] = [];
  const add = (ok: boolean | null, text: string): void => void facts.push({ ok, text });
  const noFolder = reason?.startsWith('workdir') ?? false;
  add(!noFolder, `work directory: ${noFolder ? detailOf(reason ?? '') : spec.cwd}`);
  if (noFolder) return facts;
  const noProgram = reason === 'command-not-found' || reason === 'not-executable';
  add(!noProgram, `command: ${noProgram ? detailOf(reason) : commandText(spec.command).slice(0, 100)}`);
  if (reason !== null && !KNOWN_BEFORE_START.includes(reason)) add(false, detailOf(reason));
  if (reason !== null) return facts;
  const box = answers.get('container');
  if (spec.container !== null) {
    const { engine, name } = spec.container;
    if (box === undefined) add(null, `container: could not be looked at`);
    else add(box === 'fine', `container: ${box === 'fine' ? `${engine} ${name} runs` : detailOf(box)}`);
  }
  const free = end.exit?.freeBefore ?? null;
  add(free === null ? null : true, `disk: ${free === null ? 'not known' : `${Math.floor(free / 1024)} MiB free`}`);
  addServed(spec, answers, add);
  const lock = answers.get('lock');
  add(lock === undefined ? null : lock === 'free', `lock: ${lock ?? 'not known'}`);
  if (answers.size === 0) add(false, detailOf(found.cause));
  return facts;
}

function addServed(
  { servedCommit }: StagingCheckSpec,
  answers: Map<string, string>,
  add: (ok: boolean | null, text: string) => void,
): void {
  if (servedCommit === null) return add(null, 'served commit: not proven, no command is configured');
  const [, code, text = ''] = /^(\d+) ?(.*)$/.exec(answers.get('served') ?? '') ?? [];
  if (code === undefined) return add(null, 'served commit: could not be asked');
  add(code === '0', `served commit: ${code === '0' ? text : `the command failed with ${code}: ${text}`}`);
}
