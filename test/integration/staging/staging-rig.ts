import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputLog } from '../../../runner-host/output/output-log';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import type { RunState } from '../../../runner-host/protocol/methods';
import { StagingRunResult, type StagingRunSpec } from '../../../runner-host/protocol/staging';
import type { CaseResult } from '../../../runner-host/protocol/result';
import type { RunContext } from '../../../runner-host/runners/run-context';
import type { RemoteHost } from '../../../runner-host/ssh/connect/remote-host';
import { STAGING_LIMITS, type StagingLimits } from '../../../runner-host/staging/limits';
import { runStaging, type StagingTools } from '../../../runner-host/staging/run-staging';
import { StagingHosts } from '../../../runner-host/staging/staging-hosts';
import { LocalRemoteHost, type LocalHostPlace } from './local-host';

export const SCRIPT = readFileSync(join(import.meta.dirname, '../../../runner-host/ssh/remote-supervisor.sh'), 'utf8');
export const HEAD = '0123456789abcdef0123456789abcdef01234567';

/** Short, and sound all the same. */
export const QUICK: StagingLimits = {
  ...STAGING_LIMITS,
  tickSeconds: 0.1,
  beatMs: 100,
  silenceMs: 10_000,
  reconnectMs: 15_000,
  firstBackOffMs: 20,
  mostBackOffMs: 200,
  leaseMs: 40_000,
  killMs: 60_000,
  serviceMs: 20_000,
  needFreeKib: 1,
};

export interface Finished {
  result: StagingRunResult;
  cases: CaseResult[] | null;
  log: Buffer;
  steps: string[];
}

export interface RunOptions {
  limits?: Partial<StagingLimits>;
  adopted?: boolean;
  cookie?: string;
  stop?: AbortSignal;
  onStep?(step: string): void;
  onOutput?(total: number): void;
}

/** A host of its own with a work directory, and the staging-runner in this process. */
export class StagingRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'ilk-staging-'));
  readonly home = join(this.folder, 'home');
  readonly workdir = join(this.folder, 'work dir');
  readonly runs = join(this.home, '.interlock/runs');
  readonly host: LocalRemoteHost;
  /** Taken instead of this machine's own shell, if it is there. */
  remote: RemoteHost | undefined;
  /** A sleep that only this rig's suites have; it ends by itself. */
  readonly sleep = `sleep 70.${process.pid}${Math.floor(Math.random() * 1e9)}`;

  constructor(place: Partial<LocalHostPlace> = {}) {
    mkdirSync(this.home);
    mkdirSync(this.workdir);
    this.host = new LocalRemoteHost({ home: this.home, ...place });
  }

  spec(command: StagingRunSpec['command'], more: Partial<StagingRunSpec> = {}): StagingRunSpec {
    return {
      kind: 'staging',
      run: newRun(),
      item: 'DEMO-1',
      target: { transport: 'ssh2', host: 'local', port: null, user: null },
      command,
      cwd: this.workdir,
      timeoutMs: 30_000,
      graceMs: 300,
      env: {},
      container: null,
      servedCommit: null,
      head: HEAD,
      report: null,
      ...more,
    };
  }

  tools(limits: Partial<StagingLimits> = {}, host: RemoteHost = this.remote ?? this.host): StagingTools {
    const shared: RemoteHost = {
      open: (command, listener) => host.open(command, listener),
      close: async () => undefined,
    };
    const hosts = new StagingHosts({
      open: () => shared,
      trustStore: join(this.folder, 'known_hosts'),
      env: process.env,
    });
    return { hosts, script: SCRIPT, limits: { ...QUICK, ...limits } };
  }

  async run(spec: StagingRunSpec, options: RunOptions = {}): Promise<Finished> {
    const own = mkdtempSync(join(this.folder, 'run-'));
    const output = new OutputLog(join(own, 'output.log'), 256 * 1024 * 1024);
    const steps: string[] = [];
    if (options.onOutput !== undefined) output.onChange(() => options.onOutput?.(output.total));
    const context: RunContext = {
      table: openProcessTable(),
      supervisor: { supervise: () => Promise.reject(new Error('not here')) },
      env: process.env,
      cookie: options.cookie ?? randomBytes(16).toString('hex'),
      tmp: join(own, 'tmp'),
      scratch: join(own, 'scratch'),
      output,
      log: () => undefined,
      stop: options.stop ?? new AbortController().signal,
      onReady: () => undefined,
      onStarted: () => undefined,
      onRemote: () => undefined,
      adopted: options.adopted ?? false,
      onStep: (_state: RunState, step) => {
        steps.push(step);
        options.onStep?.(step);
      },
    };
    const { result, cases } = await runStaging(spec, context, this.tools(options.limits));
    output.finish();
    const log = readFileSync(join(own, 'output.log'));
    output.close();
    return { result: StagingRunResult.parse(result), cases, log, steps };
  }

  /** `class cause`, or `suite-ran code`. */
  async verdict(spec: StagingRunSpec, options: RunOptions = {}): Promise<string> {
    return verdictOf((await this.run(spec, options)).result);
  }

  write(name: string, text: string, mode = 0o755): void {
    writeFileSync(join(this.workdir, name), text, { mode });
  }

  read(name: string): string {
    const path = join(this.workdir, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  /** Processes of this rig's suites that live. */
  sleeping(): number[] {
    return pidsWith(this.sleep);
  }

  /** Ends what a failed test may have left: only what names this rig's folder or its sleep. */
  async end(): Promise<void> {
    await this.host.close();
    for (const id of existsSync(this.runs) ? readdirSync(this.runs) : []) {
      const path = join(this.runs, id, 'supervisor');
      const [pid, start] = existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ') : [];
      if (pid !== undefined && start !== undefined && startOf(pid) === start) kill(Number(pid));
      const suite = join(this.runs, id, 'suite');
      const [child, born] = existsSync(suite) ? readFileSync(suite, 'utf8').trim().split(' ') : [];
      if (child !== undefined && born !== undefined && startOf(child) === born) kill(Number(child));
    }
    for (const pid of [...this.sleeping(), ...pidsWith(this.folder)]) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function verdictOf(result: StagingRunResult): string {
  return result.status === 'suite-ran' ? `suite-ran ${result.remote.exitCode}` : `${result.class} ${result.cause}`;
}

export const newRun = (): string => `r${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;

/** Waits for a state that must come; the test's own limit says when it does not. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

export function pidsWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => fileOf(pid, 'cmdline').replaceAll('\0', ' ').includes(text))
    .map(Number);
}

function startOf(pid: string): string | undefined {
  const stat = fileOf(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  // A test's own records may name this process.
  if (pid === process.pid) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
