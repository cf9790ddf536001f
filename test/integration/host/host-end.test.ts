import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newMark, newestRecord, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeEach(async () => {
  rig = await openHostRig();
});
afterEach(() => rig.close());

const isAlive = (pid: number): boolean => pidsWith('').includes(pid);

describe('the end of a host', () => {
  test('idle: without clients and runs it ends and says so; the next request starts another', async () => {
    const client = rig.client(['--idle-ms', '200']);
    await client.request('run/list', {});
    const { pid } = newestRecord(rig.stateDir).identity;
    await client.close();
    await until(() => !isAlive(pid), 'the idle host to end');
    expect(existsSync(join(rig.stateDir, 'hosts', '1.stopped'))).toBe(true);
    expect(existsSync(newestRecord(rig.stateDir).socket)).toBe(false);
    await rig.host.request('run/list', {});
    expect(newestRecord(rig.stateDir).identity.pid).not.toBe(pid);
  });

  test('idle is not while a run goes on', async () => {
    const client = rig.client(['--idle-ms', '50']);
    const spec = rig.spec('sleep 0.6; echo done');
    await client.request('run/start', { spec });
    await client.close();
    await until(() => existsSync(rig.runFile(spec.run, 'result.json')), 'the result');
    expect((await rig.run(spec)).result).toMatchObject({ status: 'suite-ran' });
  });

  test('drained: runs are finished, new ones go to a new host, and both are followed from there', async () => {
    const spec = rig.spec('echo first; while ! test -f ignored/go; do sleep 0.02; done; echo last');
    await rig.host.request('run/start', { spec });
    const { pid } = newestRecord(rig.stateDir).identity;
    await until(() => readFileSync(rig.runFile(spec.run, 'output.log'), 'utf8') === 'first\n', 'the first line');
    await rig.host.request('host/drain', { cancel: false });
    const { result } = await rig.run(rig.spec('echo second'));
    expect(result).toMatchObject({ status: 'suite-ran' });
    expect(newestRecord(rig.stateDir).identity.pid).not.toBe(pid);
    expect(isAlive(pid)).toBe(true);
    await expect(rig.client().request('run/cancel', { run: spec.run, reason: 'x' })).rejects.toMatchObject({
      code: 'draining',
    });
    let output = '';
    const followed = rig
      .client()
      .follow(spec.run, 0, { output: ({ text }) => void (output += text), step: () => undefined });
    await until(() => output === 'first\n', 'the log of the older host');
    rig.write('ignored/go', '');
    expect(await followed).toMatchObject({ state: 'finished', result: { status: 'suite-ran' } });
    expect(output).toBe('first\nlast\n');
    await until(() => !isAlive(pid), 'the drained host to end');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s: its runs are stopped and their results written', async (signal) => {
    const mark = newMark();
    const spec = rig.spec(`setsid sleep ${mark} & sleep ${mark}`);
    await rig.host.request('run/start', { spec });
    await until(() => pidsWith(mark).length >= 2, 'the command to start');
    const { pid } = newestRecord(rig.stateDir).identity;
    process.kill(pid, signal);
    await until(() => !isAlive(pid), 'the host to end');
    expect(pidsWith(mark)).toEqual([]);
    expect(JSON.parse(readFileSync(rig.runFile(spec.run, 'result.json'), 'utf8'))).toMatchObject({
      status: 'infra',
      cause: 'cancelled',
    });
  });

  test('killed: the next host ends what is left of the run and settles it as host-lost, once', async () => {
    const mark = newMark();
    const spec = rig.spec(`setsid sleep ${mark} >/dev/null 2>&1 & trap '' TERM; while :; do sleep ${mark}; done`);
    // Without a cgroup nobody but the dead host has heard what the kernel said of the end.
    await rig.client(['--containment', 'subreaper']).request('run/start', { spec });
    await until(() => pidsWith(`sleep ${mark}`).length >= 2, 'the command to start');
    const { pid } = newestRecord(rig.stateDir).identity;
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 'the host to die');
    expect(pidsWith(mark).length).toBeGreaterThan(0);
    const { result } = await rig.run(spec);
    expect(result).toMatchObject({
      status: 'infra',
      cause: 'host-lost',
      supervision: { survivors: [], cleanliness: 'swept' },
    });
    expect(pidsWith(mark)).toEqual([]);
    expect((await rig.host.request('run/start', { spec })).result).toEqual(result);
    expect((await rig.host.request('run/list', {})).runs).toMatchObject([{ run: spec.run, state: 'finished', result }]);
  });

  test('killed: a follower is told without asking again, and a bystander with another cookie is left alone', async () => {
    const mark = newMark();
    const other = spawn('sleep', [mark], {
      env: { ...process.env, [`ILK_RUN_${'1'.repeat(32)}`]: '1' },
      stdio: 'ignore',
    });
    const spec = rig.spec(`echo begun; sleep ${mark}`);
    await rig.host.request('run/start', { spec });
    let output = '';
    const followed = rig.host.follow(spec.run, 0, {
      output: ({ text }) => void (output += text),
      step: () => undefined,
    });
    await until(() => output === 'begun\n', 'the first line');
    process.kill(newestRecord(rig.stateDir).identity.pid, 'SIGKILL');
    expect(await followed).toMatchObject({ state: 'finished', result: { status: 'infra', cause: 'host-lost' } });
    expect(output).toBe('begun\n');
    expect(pidsWith(mark)).toEqual([other.pid]);
    other.kill('SIGKILL');
  });

  test('killed: a request that waits for its answer is asked again of the next host', async () => {
    const mark = newMark();
    const spec = rig.spec(`trap '' TERM; while :; do sleep ${mark}; done`, { graceMs: 60_000 });
    await rig.host.request('run/start', { spec });
    await until(() => pidsWith(`sleep ${mark}`).length > 0, 'the command to start');
    const cancelled = rig.host.request('run/cancel', { run: spec.run, reason: 'enough' });
    await until(
      async () => (await rig.client().request('run/list', {})).runs[0]?.state === 'stopping',
      'the run to be stopped',
    );
    process.kill(newestRecord(rig.stateDir).identity.pid, 'SIGKILL');
    expect(await cancelled).toMatchObject({ state: 'finished', result: { status: 'infra', cause: 'host-lost' } });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a state folder that is deleted takes its host, and the host its runs, along', async () => {
    const mark = newMark();
    await rig.host.request('run/start', { spec: rig.spec(`sleep ${mark}`) });
    await until(() => pidsWith(mark).length > 0, 'the command to start');
    const { pid } = newestRecord(rig.stateDir).identity;
    renameSync(rig.stateDir, `${rig.stateDir}.away`);
    await until(() => !isAlive(pid), 'the host to end');
    expect(pidsWith(mark)).toEqual([]);
  });
});
