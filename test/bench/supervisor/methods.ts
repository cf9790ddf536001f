import { spawn, type ChildProcess } from 'node:child_process';
import { execa } from 'execa';
import treeKill from 'tree-kill';
import type { ContainmentName } from '../../../runner-host/shim/messages';
import type { GroundTruth } from '../../integration/hostile/ground-truth';
import type { HostileProgram } from '../../integration/hostile/programs';
import { run } from '../../integration/hostile/rig';

export interface Limits {
  timeoutMs: number;
  graceMs: number;
}

export interface Started {
  /** `performance.now()` when the command began: its time runs from there. */
  began: number;
  /** Lets go of what would keep this process up. Ends nothing. */
  release(): void;
}

/** A way to run a command with a time limit. */
export interface Method {
  name: string;
  /** Whether there is a process of ours between us and the command, which `ks` kills. */
  hasShim: boolean;
  start(program: HostileProgram, truth: GroundTruth, limits: Limits): Promise<Started>;
}

function interlock(name: string, allowed: readonly ContainmentName[]): Method {
  return {
    name,
    hasShim: true,
    start: (program, truth, limits) =>
      new Promise((resolve, reject) => {
        const onStarted = (): void => resolve({ began: performance.now(), release: () => undefined });
        // A command that kills its supervisor at once may be over before that has told of it.
        run({ command: program.command(truth), ...limits, allowed, onStarted }).then(onStarted, reject);
      }),
  };
}

function child(
  program: HostileProgram,
  truth: GroundTruth,
  before: readonly string[],
  detached: boolean,
): ChildProcess {
  const [file = '', ...args] = [...before, ...program.command(truth)];
  const started = spawn(file, args, {
    cwd: truth.folder,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.stdout?.resume();
  started.stderr?.resume();
  return started;
}

function released(started: ChildProcess, timers: readonly NodeJS.Timeout[] = []): Started {
  const began = performance.now();
  const release = (): void => {
    timers.forEach(clearTimeout);
    started.stdout?.destroy();
    started.stderr?.destroy();
    started.unref();
  };
  return { began, release };
}

/** TERM at the limit and KILL after the grace, unless the output was closed before: what most programs do. */
function twoSignals(
  name: string,
  detached: boolean,
  send: (child: ChildProcess, signal: NodeJS.Signals) => void,
): Method {
  return {
    name,
    hasShim: false,
    async start(program, truth, { timeoutMs, graceMs }) {
      const started = child(program, truth, [], detached);
      const timers = [
        setTimeout(() => send(started, 'SIGTERM'), timeoutMs),
        setTimeout(() => send(started, 'SIGKILL'), timeoutMs + graceMs),
      ];
      started.once('close', () => timers.forEach(clearTimeout));
      return released(started, timers);
    },
  };
}

function withExeca(name: string, killDescendants: boolean): Method {
  return {
    name,
    hasShim: false,
    async start(program, truth, { timeoutMs, graceMs }) {
      const [file, ...args] = program.command(truth);
      const subprocess = execa(file, args, {
        cwd: truth.folder,
        timeout: timeoutMs,
        forceKillAfterDelay: graceMs,
        killDescendants,
        stdin: 'ignore',
        buffer: false,
        reject: false,
      });
      const started = subprocess.nodeChildProcess;
      started.stdout?.resume();
      started.stderr?.resume();
      void subprocess.then(() => undefined);
      return released(started);
    },
  };
}

const runs = (started: ChildProcess): boolean => started.exitCode === null && started.signalCode === null;

/** A group whose leader has been reaped may be another's by now: it is signalled only while the leader is there. */
function signalGroup(started: ChildProcess, signal: NodeJS.Signals): void {
  if (started.pid === undefined || started.pid <= 1 || !runs(started)) return;
  process.kill(-started.pid, signal);
}

export const METHODS: readonly Method[] = [
  interlock('Interlock', ['subreaper']),
  interlock('Interlock with a cgroup', ['subreaper', 'cgroup']),
  withExeca('execa', false),
  withExeca('execa, killDescendants', true),
  twoSignals('tree-kill', false, (started, signal) => {
    if (started.pid !== undefined && runs(started)) treeKill(started.pid, signal, () => undefined);
  }),
  {
    name: 'timeout -k',
    hasShim: false,
    async start(program, truth, { timeoutMs, graceMs }) {
      return released(child(program, truth, ['timeout', '-k', `${graceMs / 1000}`, `${timeoutMs / 1000}`], false));
    },
  },
  twoSignals('group kill', true, signalGroup),
];
