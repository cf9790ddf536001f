import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownIdentity } from '../../../runner-host/processes/own-identity';
import { ProcTable } from '../../../runner-host/processes/proc-table';
import type { HostRecord, ProcessIdentity } from '../../../runner-host/protocol/methods';
import { elect, removeDeadGenerations } from '../../../runner-host/server/elect';
import { Generations } from '../../../runner-host/server/generations';

const table = new ProcTable();
const me = ownIdentity(table);
const dead: ProcessIdentity = { ...me, startTime: '1' };
const record = (identity: ProcessIdentity, more: Partial<HostRecord> = {}): HostRecord => ({
  version: 1,
  identity,
  socket: '/nowhere/x.sock',
  token: 't',
  startedAt: 0,
  ...more,
});

let folder: string;
let generations: Generations;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-elect-'));
  generations = new Generations(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const numbers = (): number[] => generations.list().map(({ number }) => number);

describe('a process becomes the host', () => {
  test('when there was none', () => {
    expect(elect(generations, record(me), table)).toEqual({ elected: true, number: 1 });
  });

  test('when the newest one is dead, with the next number; the dead one’s record stays as it was', () => {
    generations.claim(7, record(dead));
    expect(elect(generations, record(me), table)).toEqual({ elected: true, number: 8 });
    expect(numbers()).toEqual([8, 7]);
  });

  test('when the newest one lives but has said that it stopped', () => {
    generations.claim(1, record(me));
    generations.markStopped(1);
    expect(elect(generations, record(me), table)).toEqual({ elected: true, number: 2 });
  });
});

describe('a process does not become the host', () => {
  test('while the newest one lives, whatever older ones do', () => {
    generations.claim(1, record(dead));
    generations.claim(2, record(me));
    expect(elect(generations, record(me), table)).toEqual({ elected: false, owner: 'alive', number: 2 });
  });

  test.each([
    ['on another machine', record({ ...dead, host: 'elsewhere' })],
    ['in another container', record({ ...dead, pidNamespace: 'pid:[1]' })],
  ])('while the newest one can not be judged: %s', (_name, other) => {
    generations.claim(3, other);
    expect(elect(generations, record(me), table)).toEqual({ elected: false, owner: 'unknown', number: 3 });
  });

  test('while the newest record can not be read', () => {
    writeFileSync(join(folder, 'hosts', '4.json'), '{"half":');
    expect(elect(generations, record(me), table)).toEqual({ elected: false, owner: 'unknown', number: 4 });
  });

  test('under a number that was taken, used up and removed while it looked', () => {
    generations.claim(5, record(dead));
    // Between the look at 5 and the claim of 6, another process takes 6 and dies, a third one takes 7 and clears up.
    const claim = generations.claim.bind(generations);
    let raced = false;
    generations.claim = (number, mine) => {
      if (!raced) {
        raced = true;
        claim(7, record(me));
        generations.remove(5);
      }
      return claim(number, mine);
    };
    expect(elect(generations, record(me, { token: 'late' }), table)).toEqual({
      elected: false,
      owner: 'alive',
      number: 7,
    });
    expect(numbers()).toEqual([7]);
  });
});

test('a number is given to one only', () => {
  expect(generations.claim(1, record(me))).toBe(true);
  expect(generations.claim(1, record(dead))).toBe(false);
  expect(generations.list()[0]?.record?.identity).toEqual(me);
  expect(readdirSync(join(folder, 'hosts'))).toEqual(['1.json']);
});

test('a host is lost when its record is gone or another’s, not when it can not be looked at', () => {
  generations.claim(1, record(me));
  expect(generations.isLost(1, 't')).toBe(false);
  expect(generations.isLost(1, 'other')).toBe(true);
  expect(generations.isLost(2, 't')).toBe(true);
  writeFileSync(join(folder, 'hosts', '1.json'), '');
  expect(generations.isLost(1, 't')).toBe(false);
});

test('the winner clears away dead hosts below it, with their sockets; the living and the doubtful stay', async () => {
  const sockets = join(folder, 'interlock-0');
  mkdirSync(sockets);
  const socket = join(sockets, '0123456789abcdef.sock');
  const precious = join(folder, 'precious.sock');
  for (const path of [socket, precious]) writeFileSync(path, '');
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  const living = { ...me, pid: other.pid ?? 0, startTime: table.read(other.pid ?? 0)?.startTime ?? '' };
  generations.claim(1, record(dead, { socket }));
  generations.claim(2, record(dead, { socket: precious }));
  generations.claim(3, record(living));
  generations.markStopped(3);
  generations.claim(4, record({ ...dead, host: 'elsewhere' }));
  generations.claim(5, record(me));
  removeDeadGenerations(generations, 5, table, me);
  expect(numbers()).toEqual([5, 4, 3]);
  expect(existsSync(socket)).toBe(false);
  expect(existsSync(precious)).toBe(true);
  other.kill('SIGKILL');
  await once(other, 'exit');
  removeDeadGenerations(generations, 5, table, me);
  expect(readdirSync(join(folder, 'hosts')).sort()).toEqual(['4.json', '5.json']);
});
