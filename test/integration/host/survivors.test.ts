import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMark, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig(['--concurrency', '2']);
});
afterAll(() => rig.close());

/** Every program leaves, or tries to leave, a `sleep <mark>`. */
const PROGRAMS: Record<string, (mark: string) => string> = {
  'a child that ignores TERM': (mark) => `(trap '' TERM; exec sleep ${mark}) & sleep 30`,
  'a command that ignores TERM itself': (mark) => `trap '' TERM; sleep ${mark}`,
  'a child that ignores TERM and has closed its output': (mark) =>
    `(trap '' TERM; exec sleep ${mark} >/dev/null 2>&1) & sleep 30`,
  'a child in a session of its own': (mark) => `setsid sleep ${mark} & sleep 30`,
  'a double fork that keeps its environment': (mark) =>
    `(setsid sh -c 'setsid sleep ${mark} >/dev/null 2>&1 &' &) ; sleep 30`,
  'a stopped child': (mark) => `sleep ${mark} & kill -STOP $!; sleep 30`,
  'a stopped child in a session of its own': (mark) => `setsid sleep ${mark} & sleep 0.1; kill -STOP $!; sleep 30`,
  'a child with a cleared environment in the group': (mark) => `env -i /bin/sleep ${mark} & sleep 30`,
  'an orphan with a cleared environment that keeps the output': (mark) =>
    `setsid sh -c 'exec env -i sh -c "sleep ${mark} & exit 0"' & wait; sleep 30`,
};

describe('nothing outlives a run that has to be stopped', () => {
  test.each(Object.entries(PROGRAMS))('%s', async (_name, program) => {
    const mark = newMark();
    const { result } = await rig.run(rig.spec(program(mark), { timeoutMs: 400, graceMs: 100 }));
    expect(result).toMatchObject({
      status: 'infra',
      cause: 'timeout',
      supervision: { survivors: [], cleanliness: 'clean' },
    });
    expect(pidsWith(mark)).toEqual([]);
  });
});

describe('nothing outlives a green run', () => {
  test.each([
    ['a daemon in a session of its own', (mark: string) => `setsid sleep ${mark} >/dev/null 2>&1 & exit 0`],
    ['a child that holds the output', (mark: string) => `sleep ${mark} & exit 0`],
    ['a holder of the output in a session of its own', (mark: string) => `setsid sleep ${mark} & exit 0`],
    ['a child that ignores TERM', (mark: string) => `(trap '' TERM; exec sleep ${mark}) & exit 0`],
  ])('%s: it is counted as leaked, ended, and the verdict stays', async (_name, program) => {
    const mark = newMark();
    const { result } = await rig.run(rig.spec(program(mark), { graceMs: 100 }));
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0, leaked: 1, survivors: [] } });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a storm of forks that ignore TERM', async () => {
    const mark = newMark();
    // Bounded: where nothing ends it, it must not fill the process table.
    const lineage = `n=0; while [ $n -lt 400 ]; do n=$((n+1)); sleep ${mark} & sleep 0.01; done`;
    const storm = `trap '' TERM; for i in 1 2 3 4 5 6; do (${lineage}) & done; sleep 0.3; exit 0`;
    const { result } = await rig.run(rig.spec(storm, { graceMs: 100 }));
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { survivors: [] } });
    expect(pidsWith(mark)).toEqual([]);
  });
});

test('a command gets its grace: what ends on TERM is not killed', async () => {
  const { result, output } = await rig.run(
    rig.spec("trap 'echo tidied; exit 7' TERM; sleep 30 & wait", { timeoutMs: 300, graceMs: 10_000 }),
  );
  expect(result).toMatchObject({ cause: 'timeout', supervision: { exitCode: 7, signal: null } });
  expect(output).toContain('tidied');
});

test('a stopped process gets its grace, too', async () => {
  const patient = `sh -c 'trap "echo tidied; exit" TERM; echo $$ > ignored/pid; while :; do sleep 0.05; done'`;
  const stop =
    'while ! test -s ignored/pid; do sleep 0.02; done; kill -STOP $(cat ignored/pid); echo stopped; sleep 30';
  const spec = rig.spec(`mkdir -p ignored; ${patient} & ${stop}`, { graceMs: 10_000 });
  await rig.host.request('run/start', { spec });
  let output = '';
  const followed = rig.host.follow(spec.run, 0, { output: ({ text }) => void (output += text), step: () => undefined });
  await until(() => output.includes('stopped'), 'the process to be stopped');
  await rig.host.request('run/cancel', { run: spec.run, reason: 'enough' });
  await followed;
  expect(output).toContain('tidied');
});

test('a process that the run did not start survives: same command, same folder, a cookie of its own', async () => {
  const mark = newMark();
  const other = spawn('sleep', [mark], {
    cwd: rig.worktree,
    env: { ...process.env, [`ILK_RUN_${'0'.repeat(32)}`]: '1' },
    stdio: 'ignore',
  });
  try {
    await until(() => pidsWith(mark).length === 1, 'the bystander to start');
    const { result } = await rig.run(
      rig.spec(`sleep ${mark} & setsid sleep ${mark} & sleep 30`, { timeoutMs: 400, graceMs: 100 }),
    );
    expect(result).toMatchObject({ cause: 'timeout', supervision: { survivors: [] } });
    expect(pidsWith(mark)).toEqual([other.pid]);
    expect(other.exitCode).toBeNull();
  } finally {
    other.kill('SIGKILL');
  }
});

test('two runs at once: the end of one leaves the other alone', async () => {
  const second = await openHostRig();
  try {
    const mark = newMark();
    const long = second.spec(`setsid sleep ${mark} & sleep 1; echo whole`);
    const [short, kept] = await Promise.all([
      rig.run(rig.spec('setsid sleep 30 & sleep 30', { timeoutMs: 300, graceMs: 100 })),
      second.run(long),
    ]);
    expect(short.result).toMatchObject({ cause: 'timeout' });
    expect(kept.result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0, leaked: 1 } });
    expect(kept.output).toContain('whole');
  } finally {
    await second.close();
  }
});
