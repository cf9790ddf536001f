import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunState } from '../../../runner-host/protocol/methods';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { hostPids, openHostRig, until, type HostRig } from './host-rig';

let rig: HostRig;
let other: string;
beforeAll(async () => {
  rig = await openHostRig(['--concurrency', '2']);
  other = `${rig.worktree}-other`;
  execFileSync('git', ['worktree', 'add', '-q', '-b', 'other', other], { cwd: rig.worktree });
  rig.write('ignored/order', '');
});
afterAll(async () => {
  await rig.close();
  execFileSync('rm', ['-rf', other]);
});

/** Writes its name when it begins, and ends when `ignored/<name>` is there. */
const untilThere = (name: string): string =>
  `echo ${name} >> ${rig.worktree}/ignored/order; while ! test -f ${rig.worktree}/ignored/${name}; do sleep 0.02; done`;
const order = (): string => readFileSync(join(rig.worktree, 'ignored/order'), 'utf8');
const start = (spec: TestRunSpec): Promise<unknown> => rig.host.request('run/start', { spec });

async function standing(): Promise<[RunState, number | null][]> {
  const { runs } = await rig.host.request('host/status', {});
  return runs.filter(({ state }) => state !== 'finished').map(({ state, position }) => [state, position]);
}

test('a run waits for its worktree, not for its place alone, and keeps its turn', async () => {
  const first = rig.spec(untilThere('first'));
  const second = rig.spec(untilThere('second'));
  const elsewhere = rig.spec(untilThere('elsewhere'), { worktree: other });
  const last = rig.spec(untilThere('last'), { worktree: other });
  for (const spec of [first, second, elsewhere, last]) await start(spec);
  await until(() => order() === 'first\nelsewhere\n', 'both worktrees to be in use');
  expect((await standing()).sort()).toEqual([
    ['queued', 1],
    ['queued', 2],
    ['running', null],
    ['running', null],
  ]);
  rig.write('ignored/elsewhere', '');
  await until(() => order() === 'first\nelsewhere\nlast\n', 'the last one to pass the one whose worktree is in use');
  expect(await rig.host.request('run/start', { spec: second })).toMatchObject({ state: 'queued', position: 1 });
  rig.write('ignored/first', '');
  await until(() => order().endsWith('second\n'), 'the second one to get its turn');
  for (const name of ['second', 'last']) rig.write(`ignored/${name}`, '');
  await Promise.all([second, last].map((spec) => rig.run(spec)));
});

test('a run that waits is not lost with the window that asked for it, and says where it stands to the next one', async () => {
  const blocker = rig.spec(untilThere('blocker'));
  const cancelled = rig.spec('true');
  const waiting = rig.spec('echo my turn');
  await start(blocker);
  await start(cancelled);
  const window = rig.client();
  await window.request('run/start', { spec: waiting });
  const left = window.follow(waiting.run, 0, { output: () => undefined, step: () => void window.close() });
  await expect(left).rejects.toMatchObject({ code: expect.stringMatching(/closed|connection-lost/) });

  const positions: (number | null)[] = [];
  let output = '';
  const followed = rig.client().follow(waiting.run, 0, {
    output: ({ text }) => void (output += text),
    step: ({ position }) => positions.push(position),
  });
  await until(() => positions.length > 0, 'the position');
  await rig.host.request('run/cancel', { run: cancelled.run, reason: 'enough' });
  await until(() => positions.at(-1) === 1, 'the queue to move');
  rig.write('ignored/blocker', '');
  expect((await followed).result).toMatchObject({ status: 'suite-ran' });
  expect(output).toBe('my turn\n');
  expect(positions.slice(0, 2)).toEqual([2, 1]);
});

test('a run that is cancelled while it waits has left the queue', async () => {
  const blocker = rig.spec(untilThere('held-up'));
  const waiting = [rig.spec('true'), rig.spec('true'), rig.spec('true')];
  await start(blocker);
  for (const spec of waiting) await start(spec);
  const steps: [RunState, number | null][] = [];
  const step = ({ state, position }: { state: RunState; position: number | null }): void =>
    void steps.push([state, position]);
  const followed = waiting.map(({ run }) => rig.host.follow(run, 0, { output: () => undefined, step }));
  await until(() => steps.length === waiting.length, 'the clients to be attached');
  await Promise.all(waiting.map(({ run }) => rig.host.request('run/cancel', { run, reason: 'enough' })));
  await Promise.all(followed);
  expect(steps.filter(([state, position]) => state !== 'queued' && position !== null)).toEqual([]);
  rig.write('ignored/held-up', '');
  await rig.run(blocker);
});

test('of a host that dies, a run that waits is settled and never started', async () => {
  const blocker = rig.spec(untilThere('never'));
  const waiting = rig.spec(`touch ${rig.worktree}/ignored/started-anyway`);
  await start(blocker);
  await start(waiting);
  const [pid = 0] = hostPids(rig.stateDir);
  process.kill(pid, 'SIGKILL');
  const quiet = { output: () => undefined, step: () => undefined };
  const client = rig.client();
  for (const { run } of [blocker, waiting]) {
    expect((await client.follow(run, 0, quiet)).result).toMatchObject({ status: 'infra', cause: 'host-lost' });
  }
  expect(existsSync(join(rig.worktree, 'ignored/started-anyway'))).toBe(false);
});
