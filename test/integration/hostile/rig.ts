import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import { CONTAINMENTS, type ContainmentName } from '../../../runner-host/shim/messages';
import { cookieName } from '../../../runner-host/supervisor/environment';
import { startShim, type Shim, type ShimPlan } from '../../../runner-host/shim/start-shim';
import { superviseByShim, type SupervisedEnd } from '../../../runner-host/shim/supervise-by-shim';
import { bundleShim, NATIVE } from './bundle-shim';
import type { OutputSink } from '../../../runner-host/supervisor/read-output';
import type { GroundTruth } from './ground-truth';
import type { HostileProgram } from './programs';

const GRACE_MS = 400;
const LONG_MS = 120_000;

/** `INTERLOCK_TEST_CONTAINMENT=sweep` runs the hostile programs without a subreaper, to see the tests go red. */
const UNDER_TEST = process.env['INTERLOCK_TEST_CONTAINMENT'];

/** What a run under test may use: `usual`, unless something else was asked for. */
export function containmentUnderTest(usual: readonly ContainmentName[]): readonly ContainmentName[] {
  return UNDER_TEST === undefined ? usual : CONTAINMENTS.filter((name) => UNDER_TEST.split(',').includes(name));
}

export interface RunRequest {
  command: readonly [string, ...string[]];
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
  graceMs?: number;
  allowed?: readonly ContainmentName[];
  stop?: AbortSignal;
  takeShim?: () => Promise<Shim>;
  /** Takes the output instead of the result's `output`. */
  sink?: OutputSink;
  onReady?: () => void;
  onStarted?: () => void;
}

export interface Ran extends SupervisedEnd {
  output: string;
  log: string[];
}

export async function shimPlan(allowed: readonly ContainmentName[] = ['subreaper']): Promise<ShimPlan> {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-shim-'));
  return {
    execPath: process.execPath,
    entry: await bundleShim(),
    native: NATIVE,
    allowed,
    folder,
    env: process.env,
    log: () => undefined,
  };
}

/** Runs a command as the runner host does, with this process in its place. */
export async function run(request: RunRequest): Promise<Ran> {
  const log: string[] = [];
  const plan = { ...(await shimPlan(request.allowed)), log: (line: string) => void log.push(line) };
  let output = '';
  const collected: OutputSink = {
    write: (_stream, chunk) => void (output += chunk.toString('latin1')),
    get total() {
      return output.length;
    },
    dropped: 0,
  };
  const cookie = randomBytes(16).toString('hex');
  try {
    const end = await superviseByShim(
      {
        command: request.command,
        cwd: request.cwd ?? plan.folder,
        env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...request.env, [cookieName(cookie)]: '1' },
        cookie,
        timeoutMs: request.timeoutMs ?? LONG_MS,
        graceMs: request.graceMs ?? GRACE_MS,
      },
      {
        table: openProcessTable(),
        log: plan.log,
        stop: request.stop ?? new AbortController().signal,
        onStarted: request.onStarted ?? (() => undefined),
        onEnding: () => undefined,
        output: request.sink ?? collected,
        onReady: request.onReady ?? (() => undefined),
        takeShim: request.takeShim ?? (() => startShim(plan)),
      },
    );
    return { ...end, output, log };
  } finally {
    rmSync(plan.folder, { recursive: true, force: true });
  }
}

/** Runs a hostile program until all its processes are there, then stops it if it does not end by itself. */
export async function runHostile(
  program: HostileProgram,
  truth: GroundTruth,
  allowed: readonly ContainmentName[],
): Promise<Ran> {
  const stop = new AbortController();
  const ran = run({ command: program.command(truth), allowed, stop: stop.signal });
  if (program.exits === null && !program.killsSupervisor) {
    await until(() => truth.started().length >= program.processes, `the processes of ${program.name}`);
    // The last one has entered itself and is about to hide.
    await sleep(50);
    stop.abort('enough');
  }
  return ran;
}

/** A process that no run has started: the same program and working folder, a copied environment with a cookie of its own. */
export class Bystander {
  readonly #child: ChildProcess;
  readonly #folder: string;

  constructor(truth: GroundTruth) {
    this.#folder = mkdtempSync(join(tmpdir(), 'ilk-bystander-'));
    const program = join(this.#folder, 'hostile');
    cpSync(truth.program, program);
    const file = join(this.#folder, 'processes');
    cpSync(truth.file, file);
    this.#child = spawn(program, ['stay', file], {
      cwd: truth.folder,
      env: { ...process.env, [`ILK_RUN_${randomBytes(16).toString('hex')}`]: '1' },
      stdio: 'ignore',
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  end(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function until(condition: () => boolean, what: string, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await sleep(10);
  }
}
