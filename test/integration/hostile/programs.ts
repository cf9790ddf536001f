import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { GroundTruth } from './ground-truth';

const fixtures = resolve(import.meta.dirname, '../../fixtures/hostile');

export interface HostileProgram {
  name: string;
  what: string;
  /** How many processes it has when everything is there that matters. */
  processes: number;
  /** Its own exit code if it ends by itself; null if it has to be stopped. */
  exits: number | null;
  /** Whether some process outlives the command itself. */
  leaks: boolean;
  /** Whether it kills its supervisor. */
  killsSupervisor: boolean;
  command(truth: GroundTruth): [string, ...string[]];
}

type Facts = Partial<Pick<HostileProgram, 'exits' | 'leaks' | 'killsSupervisor' | 'command'>>;

function program(name: string, processes: number, what: string, facts: Facts = {}): HostileProgram {
  return {
    name,
    what,
    processes,
    exits: null,
    leaks: facts.exits === 0,
    killsSupervisor: false,
    command: (truth) => [truth.program, name, truth.file, 'shim'],
    ...facts,
  };
}

/** npm, whose script starts a shell, which starts a server. */
const npmServer: HostileProgram['command'] = (truth) => [
  '/usr/bin/env',
  ...['npm', '--prefix', join(fixtures, 'npm'), 'run', '--silent', 'serve', '--', truth.file],
];

const hasXdist = spawnSync('python3', ['-c', 'import pytest, xdist'], { stdio: 'ignore' }).status === 0;

/** pytest with its workers. */
const pytest: HostileProgram['command'] = (truth) => [
  '/usr/bin/env',
  `HOSTILE_TRUTH=${truth.file}`,
  `PYTHONPATH=${process.env['PYTHONPATH'] ?? ''}`,
  ...['PYTHONDONTWRITEBYTECODE=1', 'python3', '-m', 'pytest', '-n', '4', '-p', 'no:cacheprovider', '-q'],
  join(fixtures, 'pytest'),
];

/** Every one was seen to outlive some method of ending a run; docs/benchmarks/supervisor.md says which. */
export const PROGRAMS: readonly HostileProgram[] = [
  program('a', 4, 'a tree three deep'),
  program('b', 2, 'a child that ignores TERM'),
  program('b2', 2, 'a command and its child that ignore TERM'),
  program('b3', 2, 'a child that ignores TERM and has closed its output'),
  program('c', 3, 'a grandchild in a session of its own'),
  program('d', 3, 'a daemon, forked twice, its output closed'),
  program('e', 3, 'a daemon with an empty environment'),
  program('es', 3, 'a daemon with an empty environment that keeps the output'),
  program('f', 200, 'a storm of forks in one group that ignore TERM'),
  program('f2', 40, 'four processes that hop to a new session every 2 ms'),
  program('g', 2, 'a command that ends while its child holds the output', { exits: 0 }),
  program('g2', 2, 'the same with the holder in a session of its own', { exits: 0 }),
  program('h', 2, 'a stopped child'),
  program('h2', 2, 'a stopped child in a session of its own'),
  program('i', 2, 'a child in its own session that has overwritten its environment and title'),
  program('i2', 3, 'the same as a daemon'),
  program('j', 3, 'npm that runs a shell that runs a server', { command: npmServer }),
  // The real thing where it is installed.
  program('k', 5, 'test workers in groups of their own', hasXdist ? { command: pytest } : {}),
  program('ks', 4, 'a command that kills its supervisor', { killsSupervisor: true }),
  program('l', 3, 'a command that ends and leaves a daemon', { exits: 0 }),
  program('le', 3, 'a command that ends and leaves a daemon with an empty environment', { exits: 0 }),
];

/** More than the known ones: each attacks an assumption of the supervisor itself. */
export const MORE_PROGRAMS: readonly HostileProgram[] = [
  program('cp', 2, "a child that is its parent's sibling (CLONE_PARENT), with an empty environment", { exits: 0 }),
  program('kse', 3, 'a command that kills its supervisor and has a daemon with an empty environment', {
    killsSupervisor: true,
  }),
  program('pt', 4, 'a daemon whose first thread has ended: the process table shows it as dead'),
  program('sr', 9, 'a daemon that gathers orphans as a subreaper of its own'),
  program('ss', 4, 'a command that stops its supervisor (SIGSTOP)'),
  program('ts', 1, 'a command that asks its supervisor to end', { exits: 5, leaks: false }),
];
