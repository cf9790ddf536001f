import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toLine } from '../../../runner-host/shim/lines';
import { SpareShim } from '../../../runner-host/shim/spare-shim';
import { startShim, type Shim } from '../../../runner-host/shim/start-shim';
import { bundleShim } from './bundle-shim';
import { GroundTruth, startTimeOfLiving } from './ground-truth';
import { run, shimPlan, until } from './rig';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sh = (line: string): [string, string, string] => ['/bin/sh', '-c', line];

describe('the cause of the end is the first thing that happened', () => {
  test.each([
    ['an exit code', sh('exit 7'), { cause: { kind: 'exit', code: 7 }, supervision: { exitCode: 7, signal: null } }],
    [
      'a signal',
      sh('kill -SEGV $$'),
      { cause: { kind: 'signal', signal: 'SIGSEGV' }, supervision: { exitCode: null, signal: 'SIGSEGV' } },
    ],
    [
      'a program that is not there',
      ['/nowhere/program'] as [string],
      {
        cause: { kind: 'spawn-failed', code: 'ENOENT' },
        supervision: { pid: null, containment: 'none', cleanliness: 'clean' },
      },
    ],
    [
      'a command line that is too long',
      ['/bin/true', 'x'.repeat(3_000_000)] as [string, string],
      { cause: { kind: 'spawn-failed', code: 'E2BIG' }, supervision: { pid: null } },
    ],
  ])('%s', async (_what, command, expected) => {
    expect(await run({ command })).toMatchObject(expected);
  });

  test('a file without permission to execute', async () => {
    const file = join(folder, 'program');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o644);
    expect((await run({ command: [file] })).cause).toMatchObject({ kind: 'spawn-failed', code: 'EACCES' });
  });

  test('the time limit: the command gets TERM and its grace, and its own exit is told', async () => {
    const ran = await run({
      command: sh("trap 'echo tidied; exit 7' TERM; sleep 30 & wait"),
      timeoutMs: 300,
      graceMs: 20_000,
    });
    expect(ran).toMatchObject({
      cause: { kind: 'timeout' },
      output: 'tidied\n',
      supervision: { exitCode: 7, leaked: 0, cleanliness: 'clean' },
    });
  });

  test('a stopped command sees its TERM', async () => {
    const ran = await run({
      command: sh("trap 'echo tidied; exit 7' TERM; kill -STOP $$; sleep 30 & wait"),
      timeoutMs: 400,
      graceMs: 20_000,
    });
    expect(ran).toMatchObject({ cause: { kind: 'timeout' }, output: 'tidied\n', supervision: { exitCode: 7 } });
  });

  test('a stop that comes before the start ends the run at once', async () => {
    const ran = await run({ command: sh('sleep 30'), stop: AbortSignal.abort('changed my mind') });
    expect(ran).toMatchObject({ cause: { kind: 'cancel', reason: 'changed my mind' }, supervision: { leaked: 0 } });
  });
});

describe('the command gets nothing of its supervisor', () => {
  test('it holds its own three descriptors alone', async () => {
    // Descriptors above 15 can come from whoever started this test: Node closes only what is below.
    const { output } = await run({ command: sh('ls /proc/$$/fd; exit 0') });
    const numbers = output.trim().split('\n').map(Number);
    expect(numbers.filter((fd) => fd < 16)).toEqual([0, 1, 2]);
  });

  test('its environment is the one of its specification', async () => {
    const { output } = await run({ command: ['/usr/bin/env'], env: { ONE: '1' } });
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.replace(/=.*/, ''));
    expect(names.map((name) => name.replace(/^ILK_RUN_.*/, 'COOKIE')).sort()).toEqual([
      'COOKIE',
      'HOME',
      'ONE',
      'PATH',
    ]);
  });

  test('what it does to its own group does not reach its supervisor', async () => {
    const { cause, supervision } = await run({ command: sh('kill -KILL 0') });
    expect(cause).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    expect(supervision.cleanliness).toBe('clean');
  });

  test('its output can be opened by name', async () => {
    const { output } = await run({ command: sh('echo one > /dev/stderr; echo two > /dev/stdout') });
    expect(output.split('\n').sort()).toEqual(['', 'one', 'two']);
  });

  test('all of its output arrives, also what it writes right before its end', async () => {
    const { supervision } = await run({ command: sh('head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2') });
    expect(supervision).toMatchObject({ outputBytes: 8_000_000, cleanliness: 'clean' });
  });
});

test('dead orphans are laid to rest while the command runs: they would fill the process table', async () => {
  const truth = new GroundTruth();
  const stop = new AbortController();
  let shim = 0;
  const plan = await shimPlan();
  const ran = run({
    command: [truth.program, 'z', truth.file],
    stop: stop.signal,
    async takeShim() {
      const started = await startShim(plan);
      shim = started.pid;
      return started;
    },
  });
  await until(() => truth.started().length === 801, 'four hundred daemons');
  await until(() => truth.alive().length === 1, 'the end of the daemons');
  await until(() => childrenOf(shim).length === 1, 'all dead ones to be laid to rest');
  stop.abort('enough');
  expect(await ran).toMatchObject({ supervision: { cleanliness: 'clean', leaked: 0 } });
  await truth.end();
  rmSync(plan.folder, { recursive: true });
});

test('runs at once do not see each other', async () => {
  const truths = Array.from({ length: 6 }, () => new GroundTruth());
  const names = ['e', 'le', 'i2', 'f2', 'b', 'g'];
  const stop = new AbortController();
  const runs = truths.map((truth, at) =>
    run({ command: [truth.program, names[at] ?? '', truth.file], stop: stop.signal }),
  );
  const quiet = run({ command: sh('sleep 2; exit 4'), graceMs: 0 });
  await until(() => truths.every((truth) => truth.started().length > 1), 'all programs');
  stop.abort('enough');
  for (const { supervision } of await Promise.all(runs)) {
    expect(supervision).toMatchObject({ cleanliness: 'clean', survivors: [] });
  }
  expect(truths.flatMap((truth) => truth.alive())).toEqual([]);
  expect(await quiet).toMatchObject({ cause: { kind: 'exit', code: 4 }, supervision: { leaked: 0 } });
  for (const truth of truths) await truth.end();
});

describe('when the supervisor itself can not do its work', () => {
  test('a shim that can not be started is no verdict', async () => {
    const plan = { ...(await shimPlan()), execPath: '/nowhere/node' };
    const ran = await run({ command: ['/bin/true'], takeShim: () => startShim(plan) });
    expect(ran).toMatchObject({ cause: { kind: 'supervisor-lost' }, supervision: { pid: null, exitCode: null } });
  });

  test('without the native part it says so and looks at the process table instead', async () => {
    const plan = { ...(await shimPlan()), native: null };
    let notes: string[] = [];
    const ran = await run({
      command: ['/bin/true'],
      async takeShim() {
        const shim = await startShim(plan);
        notes = (await shim.ready)?.notes ?? [];
        return shim;
      },
    });
    expect(ran.supervision).toMatchObject({ containment: 'sweep', cleanliness: 'swept', exitCode: 0 });
    expect(notes).toEqual([expect.stringMatching(/^subreaper: .*koffi/), 'cgroup: switched off']);
  });

  test('a message that it does not know starts nothing and ends it', async () => {
    const mark = join(folder, 'ran');
    const shim = spawn(process.execPath, [await bundleShim(), 'subreaper'], {
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    const spec = { command: sh(`touch ${mark}`), cwd: folder, env: {}, cookie: '', timeoutMs: 1000, graceMs: 0 };
    shim.stdin?.write(toLine({ type: 'run', spec: { ...spec, surprise: true } }));
    expect(await once(shim, 'exit')).toEqual([1, null]);
    expect(existsSync(mark)).toBe(false);
  });

  test('a cgroup that the command leaves does not set it free', async () => {
    const truth = new GroundTruth();
    const shim = await startShim(await shimPlan(['subreaper', 'cgroup']));
    const ready = await shim.ready;
    const outside = join(dirname(ready?.cgroup ?? '/nowhere/cgroup'), 'cgroup.procs');
    const stop = new AbortController();
    const ran = run({
      command: [...sh('echo 0 > "$1"; shift; exec "$@"'), 'sh', outside, truth.program, 'e', truth.file],
      stop: stop.signal,
      takeShim: () => Promise.resolve(shim),
    });
    await until(() => truth.started().length >= 3, 'the daemon');
    stop.abort('enough');
    expect((await ran).supervision).toMatchObject({
      containment: ready?.means.includes('cgroup') ? 'cgroup' : 'subreaper',
      cleanliness: 'clean',
      survivors: [],
    });
    expect(await truth.aliveSoon()).toEqual([]);
    await truth.end();
  });
});

/** A shim that may use a cgroup, and the processes in that; nothing where the machine gives none. */
async function shimInCgroup(): Promise<{ shim: Shim; cgroup: string | null; members: () => number[] }> {
  const shim = await startShim(await shimPlan(['subreaper', 'cgroup']));
  const cgroup = (await shim.ready)?.cgroup ?? null;
  const file = join(cgroup ?? '/nowhere', 'cgroup.procs');
  return { shim, cgroup, members: () => readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) };
}

describe('a spare shim', () => {
  test('waits in its cgroup, and takes it away where no run comes', async () => {
    const { shim, cgroup, members } = await shimInCgroup();
    if (cgroup !== null) expect(members()).toEqual([shim.pid]);
    shim.dispose();
    await until(() => startTimeOfLiving(shim.pid) === null, 'the shim to end');
    expect(cgroup !== null && existsSync(cgroup)).toBe(false);
  });

  test('has left its cgroup when it tells that the command runs, which is in it', async () => {
    const { shim, cgroup, members } = await shimInCgroup();
    const stop = new AbortController();
    const ran = run({ command: ['/bin/sleep', '60'], stop: stop.signal, takeShim: () => Promise.resolve(shim) });
    const pid = (await shim.started)?.leader.pid;
    if (cgroup !== null) expect(members()).toEqual([pid]);
    stop.abort('enough');
    expect((await ran).supervision.cleanliness).toBe('clean');
  });

  test('is taken once, and ends when it is let go', async () => {
    const plan = await shimPlan();
    const spare = new SpareShim(() => startShim(plan));
    spare.prepare();
    const first = await spare.take();
    const second = await spare.take();
    expect(first.pid).not.toBe(second.pid);
    expect(await run({ command: ['/bin/false'], takeShim: () => Promise.resolve(first) })).toMatchObject({
      cause: { kind: 'exit', code: 1 },
    });
    second.dispose();
    await until(() => startTimeOfLiving(second.pid) === null, 'the shim to end');
  });

  test('that was killed is replaced', async () => {
    const plan = await shimPlan();
    const started: Promise<Shim>[] = [];
    const spare = new SpareShim(() => {
      const shim = startShim(plan);
      started.push(shim);
      return shim;
    });
    spare.prepare();
    const waiting = await started[0]!;
    waiting.signal('SIGKILL');
    await waiting.exited;
    expect(await run({ command: ['/bin/true'], takeShim: () => spare.take() })).toMatchObject({
      cause: { kind: 'exit', code: 0 },
    });
    expect(started.length).toBe(2);
  });
});

function childrenOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean),
  );
}
