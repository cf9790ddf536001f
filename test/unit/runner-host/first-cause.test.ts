import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ProcTable } from '../../../runner-host/processes/proc-table';
import { waitForCause, type EndCause, type Waiting } from '../../../runner-host/supervisor/first-cause';
import type { Ended, Started } from '../../../runner-host/supervisor/start-command';

const table = new ProcTable();
const me = { pid: process.pid, startTime: table.read(process.pid)?.startTime ?? '' };
const never = new Promise<never>(() => undefined);
const exited: Ended = { kind: 'exited', code: 0, signal: null };

function wait(more: Partial<Waiting> & { leader?: Started['leader']; ended?: Promise<Ended> }): Promise<EndCause> {
  const { leader = me, ended = never, ...rest } = more;
  const started = { leader, age: 0, outputEnds: new Set<string>(), stdout: null, stderr: null, ended };
  return waitForCause({
    table,
    started,
    timeoutMs: 60_000,
    stop: new AbortController().signal,
    outputFailed: never,
    ...rest,
  });
}

test('the first thing that happens is the cause', async () => {
  expect(await wait({ ended: Promise.resolve(exited) })).toEqual({ kind: 'exit', code: 0 });
  expect(await wait({ ended: Promise.resolve({ ...exited, code: null, signal: 'SIGSEGV' }) })).toEqual({
    kind: 'signal',
    signal: 'SIGSEGV',
  });
  expect(await wait({ ended: Promise.resolve({ kind: 'failed', code: 'EAGAIN', detail: 'x' }) })).toMatchObject({
    kind: 'spawn-failed',
    code: 'EAGAIN',
  });
  expect(await wait({ timeoutMs: 1 })).toEqual({ kind: 'timeout' });
  expect(await wait({ stop: AbortSignal.abort('enough') })).toEqual({ kind: 'cancel', reason: 'enough' });
  const lost: EndCause = { kind: 'output-lost', code: 'ENOSPC', detail: 'x' };
  expect(await wait({ outputFailed: Promise.resolve(lost) })).toBe(lost);
});

test('a command that was dead at its deadline did not time out, though its exit is told later', async () => {
  const leader = { pid: process.pid, startTime: 'of a process that is gone' };
  expect(await wait({ leader, timeoutMs: 1, ended: sleep(100).then(() => exited) })).toEqual({ kind: 'exit', code: 0 });
});

test('a time-out longer than a timer can take does not fire at once', async () => {
  expect(await wait({ timeoutMs: Number.MAX_SAFE_INTEGER, ended: sleep(100).then(() => exited) })).toEqual({
    kind: 'exit',
    code: 0,
  });
});
