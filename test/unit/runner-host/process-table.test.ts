import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { livenessOf, ownIdentity } from '../../../runner-host/processes/own-identity';
import { parseStat, ProcTable } from '../../../runner-host/processes/proc-table';
import { parsePsLine, PsTable } from '../../../runner-host/processes/ps-table';

const STAT = (name: string, state = 'S', threads = 1): string =>
  `42 (${name}) ${state} 7 40 39 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 ${threads} 0 123456 1000 10 18446744073709551615 0`;

describe('/proc/PID/stat', () => {
  test.each(['sh', 'a b', ') S 1 1 1', '(((', ''])('is read whatever the name is: "%s"', (name) => {
    expect(parseStat(42, STAT(name))).toEqual({
      pid: 42,
      parent: 7,
      group: 40,
      session: 39,
      startTime: '123456',
      age: 123456,
      ended: false,
    });
  });

  test('a zombie has ended, unless threads of it run on', () => {
    expect(parseStat(42, STAT('sh', 'Z'))?.ended).toBe(true);
    expect(parseStat(42, STAT('sh', 'Z', 3))?.ended).toBe(false);
    expect(parseStat(42, STAT('sh', 'T'))?.ended).toBe(false);
  });

  test('a line that is not whole is none', () => {
    expect(parseStat(42, '42 (sh) S 7 40')).toBeNull();
    expect(parseStat(42, '')).toBeNull();
  });
});

test('a line of ps is read, with its date as start time', () => {
  expect(parsePsLine('  501   1   501 Ss   Sat Nov 21 10:00:01 2026    ')).toEqual({
    pid: 501,
    parent: 1,
    group: 501,
    session: 0,
    startTime: 'Sat Nov 21 10:00:01 2026',
    age: Date.parse('Sat Nov 21 10:00:01 2026'),
    ended: false,
  });
  expect(parsePsLine('501 1 501 Z+ Sat Nov 21 10:00:01 2026')?.ended).toBe(true);
  expect(parsePsLine('')).toBeNull();
  expect(parsePsLine('ps: no such process')).toBeNull();
});

describe.each([
  ['/proc', new ProcTable()],
  ['ps', new PsTable()],
])('the table by %s', (_name, table) => {
  test('finds a real process, tells its parent and group, and no longer finds it once it is dead', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
    const pid = child.pid ?? 0;
    expect(table.read(pid)).toMatchObject({ pid, parent: process.pid, group: pid, ended: false });
    expect(table.list()?.map((entry) => entry.pid)).toEqual(expect.arrayContaining([pid, process.pid]));
    expect(table.describe(pid)).toContain('sleep 60');
    expect(table.ageOf(table.read(pid)?.startTime ?? '')).toBe(table.read(pid)?.age);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(table.read(pid)).toBeNull();
  });
});

describe('the table by /proc', () => {
  const table = new ProcTable();

  test('finds a variable by its whole name and value, and the ends of the output', async () => {
    const child = spawn('sh', ['-c', 'echo ready; exec sleep 60'], {
      env: { PATH: process.env['PATH'], ONE: '1', LAST: 'x' },
      detached: true,
    });
    const pid = child.pid ?? 0;
    await once(child.stdout, 'data');
    expect(table.hasVariable(pid, 'ONE=1')).toBe(true);
    expect(table.hasVariable(pid, 'ONE=')).toBe(false);
    expect(table.hasVariable(pid, 'NE=1')).toBe(false);
    const ends = table.outputEnds(pid);
    expect(ends).toHaveLength(2);
    expect(table.holdsAny(pid, new Set(ends))).toBe(true);
    expect(table.holdsAny(pid, new Set(['socket:[0]']))).toBe(false);
    expect(table.holdsAny(process.pid, new Set(ends))).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(table.hasVariable(pid, 'ONE=1')).toBe(false);
  });

  test('a folder that is no process table is not an empty one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ilk-proc-'));
    expect(new ProcTable(folder).list()).toBeUndefined();
    expect(new ProcTable(join(folder, 'nothing')).list()).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  test('an owner is alive, dead, or not to be judged', () => {
    const me = ownIdentity(table);
    expect(livenessOf(table, me, me)).toBe('alive');
    expect(livenessOf(table, me, { ...me, startTime: '1' })).toBe('dead');
    expect(livenessOf(table, me, { ...me, bootId: 'another' })).toBe('dead');
    expect(livenessOf(table, me, { ...me, pidNamespace: 'pid:[1]' })).toBe('unknown');
    expect(livenessOf(table, me, { ...me, host: 'elsewhere', bootId: 'another' })).toBe('unknown');
  });
});
