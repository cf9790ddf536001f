import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processIdentity, processTable, type ProcessTable } from '../../../extension/ledger/identity';

describe('the identity of a process', () => {
  it('is the same each time it is asked for', async () => {
    expect(await processIdentity()).toEqual(await processIdentity());
    expect(await processIdentity()).toMatchObject({ pid: process.pid });
  });

  it('has no gaps: one would let it pass for a dead process', async () => {
    const whole: ProcessTable = {
      bootId: () => Promise.resolve('boot'),
      pidNamespace: () => Promise.resolve('pid:[1]'),
      startTimeOf: () => Promise.resolve('1'),
    };
    for (const gap of [
      { bootId: () => Promise.resolve('') },
      { pidNamespace: () => Promise.resolve('') },
      { startTimeOf: () => Promise.resolve(undefined) },
      { startTimeOf: () => Promise.resolve(null) },
    ]) {
      await expect(processIdentity({ ...whole, ...gap })).rejects.toThrow('cannot tell this process from others');
    }
  });
});

describe('the start time', () => {
  const table = processTable();

  it('of a running process is there, and of one that ended is not', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    const started = await table.startTimeOf(pid);
    expect(started).toMatch(/\d/);
    expect(await table.startTimeOf(pid)).toBe(started);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await table.startTimeOf(pid)).toBeNull();
  });

  it('is not known where the platform does not tell', async () => {
    const windows = processTable('win32');
    expect(await windows.startTimeOf(4)).toBeUndefined();
    await expect(processIdentity(windows)).resolves.toMatchObject({ bootId: 'unknown' });
  });
});
