import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import type { ContainmentName, FromShimOf } from '../../../runner-host/shim/messages';
import { startShim, type Shim, type ShimPlan } from '../../../runner-host/shim/start-shim';
import { sweepLostRun } from '../../../runner-host/shim/sweep-lost-run';
import { cookieName } from '../../../runner-host/supervisor/environment';
import { GroundTruth, startTimeOfLiving } from './ground-truth';
import { Bystander, run, shimPlan, until } from './rig';

const table = openProcessTable();
const GRACE_MS = 400;

let truth: GroundTruth;
let bystander: Bystander;
let plan: ShimPlan;
beforeEach(() => {
  truth = new GroundTruth();
  bystander = new Bystander(truth);
});
afterEach(async () => {
  expect(bystander.lives).toBe(true);
  bystander.end();
  await truth.end();
  rmSync(plan.folder, { recursive: true, force: true });
});

interface Lost {
  shim: Shim;
  ready: FromShimOf<'ready'>;
  cookie: string;
  leader: FromShimOf<'started'>['leader'] | null;
}

/** A program that runs under its shim, of whose host nothing is left but this record. */
async function begin(name: string, allowed: readonly ContainmentName[], graceMs = GRACE_MS): Promise<Lost> {
  plan = await shimPlan(allowed);
  const shim = await startShim(plan);
  const ready = await shim.ready;
  if (ready === null) throw new Error('the shim did not start');
  const cookie = randomBytes(16).toString('hex');
  shim.run({
    command: [truth.program, name, truth.file],
    cwd: truth.folder,
    env: { [cookieName(cookie)]: '1' },
    cookie,
    timeoutMs: 60_000,
    graceMs,
  });
  const leader = (await shim.started)?.leader ?? null;
  await until(() => truth.started().length >= 2, 'its processes');
  return { shim, ready, cookie, leader };
}

const sweep = ({ ready, cookie, leader }: Lost, graceMs = GRACE_MS) =>
  sweepLostRun(
    { cookie, notBefore: table.ageOf(ready.shim.startTime), shim: { ...ready.shim, cgroup: ready.cgroup }, leader },
    graceMs,
    { table, log: () => undefined },
  );

test('the shim outlives its host and was stopped: it is woken and ends its run itself', async () => {
  const lost = await begin('e', ['subreaper']);
  process.kill(lost.shim.pid, 'SIGSTOP');
  lost.shim.dispose();
  // Nothing was left for the sweep to find.
  expect(await sweep(lost)).toMatchObject({ cleanliness: 'swept', leaked: 0, survivors: [] });
  expect(await truth.aliveSoon()).toEqual([]);
});

test('the shim outlives its host and has a cgroup: that it is gone proves that it was empty', async ({ skip }) => {
  const lost = await begin('b', ['subreaper', 'cgroup']);
  lost.shim.dispose();
  if (lost.ready.cgroup === null) return skip('this machine gives no cgroup');
  expect(await sweep(lost)).toMatchObject({ containment: 'cgroup', cleanliness: 'clean', survivors: [] });
  expect(truth.alive()).toEqual([]);
});

test('the shim was killed with its host: what is left is ended', async () => {
  const lost = await begin('c', ['subreaper']);
  process.kill(lost.shim.pid, 'SIGKILL');
  await lost.shim.exited;
  expect(truth.alive()).not.toEqual([]);
  expect(await sweep(lost)).toMatchObject({ cleanliness: 'swept', survivors: [] });
  expect(await truth.aliveSoon()).toEqual([]);
});

test('the shim was killed with its host: its cgroup finds and proves what no scan does', async ({ skip }) => {
  const lost = await begin('e', ['subreaper', 'cgroup']);
  if (lost.ready.cgroup === null) {
    lost.shim.dispose();
    return skip('this machine gives no cgroup');
  }
  await until(() => truth.started().length >= 3, 'the daemon');
  process.kill(lost.shim.pid, 'SIGKILL');
  await lost.shim.exited;
  expect(await sweep(lost)).toMatchObject({ containment: 'cgroup', cleanliness: 'clean', survivors: [] });
  expect(await truth.aliveSoon()).toEqual([]);
  expect(existsSync(lost.ready.cgroup)).toBe(false);
});

test('a process that has got the number of a dead shim is left alone', async () => {
  const lost = await begin('a', ['subreaper']);
  process.kill(lost.shim.pid, 'SIGKILL');
  await lost.shim.exited;
  const taken = { ...lost.ready, shim: { pid: bystander.pid, startTime: lost.ready.shim.startTime } };
  expect(await sweep({ ...lost, ready: taken })).toMatchObject({ cleanliness: 'swept', survivors: [] });
  expect(await truth.aliveSoon()).toEqual([]);
});

test('without a host nobody waits for a long grace', async () => {
  const lost = await begin('b2', ['subreaper'], 60_000);
  lost.shim.dispose();
  await until(() => startTimeOfLiving(lost.shim.pid) === null, 'the shim to end', 10_000);
  expect(truth.alive()).toEqual([]);
});

test('a run whose shim can not be put on record is not started', async () => {
  plan = await shimPlan();
  const mark = join(plan.folder, 'ran');
  let shim: Shim | undefined;
  const failing = run({
    command: ['/usr/bin/touch', mark],
    takeShim: async () => (shim = await startShim(plan)),
    onReady() {
      throw new Error('no space left');
    },
  });
  await expect(failing).rejects.toThrow('no space left');
  await until(() => startTimeOfLiving(shim?.pid ?? 0) === null, 'the shim to end');
  expect(existsSync(mark)).toBe(false);
});
