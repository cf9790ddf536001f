import { spawn } from 'node:child_process';
import { SpareShim } from '../../../runner-host/shim/spare-shim';
import { startShim } from '../../../runner-host/shim/start-shim';
import { run, shimPlan } from '../../integration/hostile/rig';
import { median } from '../figure';

const TIMES = 30;
const WORK = `const { createHash } = require('node:crypto'); const data = Buffer.alloc(1e6);
for (let i = 0; i < 4000; i += 1) createHash('sha256').update(data).digest();`;

export interface Overhead {
  bareMs: number;
  /** What a supervised `true` takes more, in ms. */
  shimMs: number;
  spareMs: number;
  cgroupMs: number;
  /** What some seconds of work take more, as a share. */
  work: number;
  workMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function bare(command: readonly [string, ...string[]]): Promise<unknown> {
  const [file, ...args] = command;
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  child.stderr.resume();
  return new Promise((resolve) => child.once('close', resolve));
}

/** The four ways in turn, so that whatever else the machine does meets them all. */
export async function measureOverhead(): Promise<Overhead> {
  const plan = await shimPlan();
  const withCgroup = await shimPlan(['subreaper', 'cgroup']);
  const spare = new SpareShim(() => startShim(plan));
  const times: Record<'bare' | 'shim' | 'spare' | 'cgroup', number[]> = { bare: [], shim: [], spare: [], cgroup: [] };
  for (let round = 0; round < TIMES; round += 1) {
    const command: [string] = ['/bin/true'];
    times.bare.push(await timed(() => bare(command)));
    times.shim.push(await timed(() => run({ command, takeShim: () => startShim(plan) })));
    times.cgroup.push(await timed(() => run({ command, takeShim: () => startShim(withCgroup) })));
    spare.prepare();
    await new Promise((done) => setTimeout(done, 150));
    times.spare.push(await timed(() => run({ command, takeShim: () => spare.take() })));
  }
  const work: [string, string, string] = [process.execPath, '-e', WORK];
  const bareWork: number[] = [];
  const ourWork: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    bareWork.push(await timed(() => bare(work)));
    ourWork.push(await timed(() => run({ command: work, takeShim: () => startShim(plan) })));
  }
  const bareMs = median(times.bare);
  const workMs = Math.min(...bareWork);
  return {
    bareMs,
    shimMs: median(times.shim) - bareMs,
    spareMs: median(times.spare) - bareMs,
    cgroupMs: median(times.cgroup) - bareMs,
    work: Math.min(...ourWork) / workMs - 1,
    workMs,
  };
}
