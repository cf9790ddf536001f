import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMark, newRun, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig(['--concurrency', '1', '--keep-runs', '2']);
});
afterAll(() => rig.close());

describe('run/start is idempotent by run id', () => {
  test('the same specification attaches: the command runs once', async () => {
    const spec = rig.spec('echo x >> ignored/times; sleep 0.1');
    rig.write('ignored/times', '');
    await Promise.all([rig.host, rig.client(), rig.client()].map((host) => host.request('run/start', { spec })));
    const { output, result } = await rig.run(spec);
    expect(output).toBe('');
    expect(result).toMatchObject({ status: 'suite-ran' });
    expect((await rig.run(rig.spec('wc -l < ignored/times'))).output.trim()).toBe('1');
    expect(await rig.host.request('run/start', { spec })).toMatchObject({ state: 'finished', result });
  });

  test('another specification under the same id is a conflict, also when the run is over', async () => {
    const spec = rig.spec('sleep 0.2');
    await rig.host.request('run/start', { spec });
    const other = { ...spec, command: 'echo other' };
    await expect(rig.host.request('run/start', { spec: other })).rejects.toMatchObject({ code: 'runConflict' });
    await rig.run(spec);
    await expect(rig.host.request('run/start', { spec: other })).rejects.toMatchObject({ code: 'runConflict' });
  });
});

describe('a run that can not start at once', () => {
  test('waits in order, knows its position, and gets its turn', async () => {
    const specs = [1, 2, 3].map((n) => rig.spec(`echo ${n} >> ignored/order; sleep 0.1`));
    rig.write('ignored/order', '');
    const summaries = [];
    for (const spec of specs) summaries.push(await rig.host.request('run/start', { spec }));
    expect(summaries.map(({ state, position }) => [state, position])).toEqual([
      ['running', null],
      ['queued', 1],
      ['queued', 2],
    ]);
    const positions: (number | null)[] = [];
    const last = specs[2];
    if (last === undefined) throw new Error('three specifications were made');
    await rig.host.follow(last.run, 0, { output: () => undefined, step: ({ position }) => positions.push(position) });
    expect(positions.slice(0, 2)).toEqual([2, 1]);
    expect(positions.at(-1)).toBeNull();
    expect((await rig.run(rig.spec('cat ignored/order'))).output).toBe('1\n2\n3\n');
  });

  test('is cancelled without ever being started', async () => {
    const mark = newMark();
    const first = rig.spec(`sleep ${mark}`);
    const second = rig.spec('touch ignored/started-anyway');
    await rig.host.request('run/start', { spec: first });
    await rig.host.request('run/start', { spec: second });
    const cancelled = await rig.host.request('run/cancel', { run: second.run, reason: 'enough' });
    expect(cancelled).toMatchObject({
      state: 'finished',
      position: null,
      result: { cause: 'cancelled', supervision: { pid: null } },
    });
    await rig.host.request('run/cancel', { run: first.run, reason: 'enough' });
    expect(existsSync(join(rig.worktree, 'ignored/started-anyway'))).toBe(false);
    expect(pidsWith(mark)).toEqual([]);
  });
});

test('a client that goes away leaves its run alone, and another one gets the whole of it', async () => {
  const spec = rig.spec('echo begin; while ! test -f ignored/continue; do sleep 0.02; done; echo end');
  const client = rig.client();
  await client.request('run/start', { spec });
  const left = client.follow(spec.run, 0, { output: () => void client.close(), step: () => undefined });
  await expect(left).rejects.toMatchObject({ code: expect.stringMatching(/closed|connection-lost/) });
  rig.write('ignored/continue', '');
  const { output, result } = await rig.run(spec);
  expect(output).toBe('begin\nend\n');
  expect(result).toMatchObject({ status: 'suite-ran' });
});

test('following can be given up without touching the run', async () => {
  const spec = rig.spec('sleep 0.5; echo done');
  await rig.host.request('run/start', { spec });
  const stop = new AbortController();
  const followed = rig.host.follow(spec.run, 0, { output: () => undefined, step: () => undefined }, stop.signal);
  stop.abort(new Error('seen enough'));
  await expect(followed).rejects.toThrow('seen enough');
  expect((await rig.run(spec)).output).toBe('done\n');
});

describe('acknowledging', () => {
  test('an unknown run and one that goes on are refused', async () => {
    await expect(rig.host.request('run/acknowledge', { run: newRun() })).rejects.toMatchObject({ code: 'unknownRun' });
    const spec = rig.spec('sleep 0.3');
    await rig.host.request('run/start', { spec });
    await expect(rig.host.request('run/acknowledge', { run: spec.run })).rejects.toMatchObject({ code: 'notFinished' });
    await rig.run(spec);
  });

  test('lets old runs go, but no run that the ledger does not hold', async () => {
    const kept = rig.spec('echo precious');
    await rig.run(kept);
    const specs = [];
    for (let n = 0; n < 4; n += 1) {
      const spec = rig.spec('true');
      specs.push(spec);
      await rig.run(spec);
      await rig.host.request('run/acknowledge', { run: spec.run });
    }
    const folders = readdirSync(join(rig.stateDir, 'runs'));
    expect(specs.map(({ run }) => folders.includes(run))).toEqual([false, false, true, true]);
    expect(folders).toContain(kept.run);
    const listed = (await rig.host.request('run/list', {})).runs.map(({ run }) => run);
    expect(listed).toContain(kept.run);
    expect(listed).not.toContain(specs[3]?.run);
  });
});

test('attaching to a run that never was is an error, not a wait', async () => {
  await expect(rig.host.follow(newRun(), 0, { output: () => undefined, step: () => undefined })).rejects.toMatchObject({
    code: 'unknownRun',
  });
});

test('the status names clients, runs, memory and containment', async () => {
  const spec = rig.spec('sleep 0.5');
  await rig.host.request('run/start', { spec });
  await until(
    async () => (await rig.host.request('run/list', {})).runs.some(({ state }) => state === 'running'),
    'the run to start',
  );
  const status = await rig.host.request('host/status', {});
  expect(status).toMatchObject({
    draining: false,
    containment: expect.stringMatching(/^subreaper/),
    identity: { pid: rig.record().identity.pid },
  });
  expect(status.clients).toBeGreaterThan(0);
  expect(status.memoryBytes).toBeGreaterThan(0);
  expect(status.runs.find(({ run }) => run === spec.run)).toMatchObject({
    item: 'DEMO-1',
    state: 'running',
    result: null,
  });
  await rig.run(spec);
});
