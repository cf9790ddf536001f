import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import type { ContainmentName } from '../../../runner-host/shim/messages';
import { RunSupervisor } from '../../../runner-host/shim/run-supervisor';
import { openHostRig } from '../host/host-rig';
import { shimPlan } from './rig';

const table = openProcessTable();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const describeBy = async (allowed: readonly ContainmentName[], more: object = {}, platform = process.platform) => {
  const supervisor = new RunSupervisor({ ...(await shimPlan(allowed)), ...more }, table, platform);
  try {
    return await supervisor.describe();
  } finally {
    await supervisor.dispose();
  }
};

test('says what holds a run together here, and why not more', async () => {
  expect(await describeBy(['subreaper'])).toBe('subreaper (no cgroup: switched off)');
  expect(await describeBy([])).toBe('sweep (no subreaper: switched off; no cgroup: switched off)');
  expect(await describeBy(['subreaper', 'cgroup'])).toMatch(/^subreaper( \+ cgroup$| \(no cgroup: .)/);
});

test('without the native part, or without a shim at all, it says so', async () => {
  expect(await describeBy(['subreaper'], { native: null })).toMatch(/^sweep \(no subreaper: koffi is not there/);
  const native = join(folder, 'damaged.node');
  writeFileSync(native, 'no library');
  expect(await describeBy(['subreaper'], { native })).toMatch(/^sweep \(no subreaper: .*damaged.node/);
  expect(await describeBy(['subreaper'], { execPath: '/nowhere/node' })).toMatch(/^sweep/);
});

test('on Windows the host supervises its runs itself', async () => {
  expect(await describeBy(['subreaper'], {}, 'win32')).toBe('sweep');
});

test('a command is not started before its shim stands in the record of the run', async () => {
  const rig = await openHostRig(['--concurrency', '1']);
  try {
    const first = rig.spec('while ! test -f ignored/go; do sleep 0.02; done');
    const second = rig.spec('echo ran');
    for (const spec of [first, second]) await rig.host.request('run/start', { spec });
    // Nothing can be written to the record of the one that waits.
    mkdirSync(rig.runFile(second.run, 'processes.json.now'));
    rig.write('ignored/go', '');
    const { result, output } = await rig.run(second);
    expect(result).toMatchObject({ status: 'infra', cause: 'spawn-failed', supervision: { pid: null } });
    expect(output).toBe('');
  } finally {
    await rig.close();
  }
});

test('the record of a run names its shim and its command', async () => {
  const rig = await openHostRig();
  try {
    const spec = rig.spec('cat "$RECORD"; echo; echo $PPID', { run: 'r00000001-00000000' });
    spec.env = { RECORD: rig.runFile(spec.run, 'processes.json') };
    const { output } = await rig.run(spec);
    const [record = '', shim] = output.trim().split('\n');
    expect(JSON.parse(record)).toMatchObject({ shim: { pid: Number(shim) } });
    const kept = JSON.parse(readFileSync(rig.runFile(spec.run, 'processes.json'), 'utf8'));
    expect(kept).toMatchObject({ shim: { pid: Number(shim) }, leader: { startTime: expect.stringMatching(/^\d+$/) } });
  } finally {
    await rig.close();
  }
});
