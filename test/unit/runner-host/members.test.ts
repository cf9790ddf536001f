import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ProcessEntry, ProcessTable } from '../../../runner-host/processes/process-table';
import { isAlive, Members } from '../../../runner-host/supervisor/members';
import type { RunMarks } from '../../../runner-host/supervisor/run-marks';
import { isSignallable, SignalSender } from '../../../runner-host/supervisor/send-signal';

const COOKIE = 'c'.repeat(32);

/** A process table made up: what pids do when they wrap round can't be had from a real one in time. */
class MadeUpTable implements ProcessTable {
  entries: ProcessEntry[] = [];
  cookies = new Map<number, string>();
  holders = new Set<number>();
  readonly asked: number[] = [];

  read = (pid: number): ProcessEntry | null => this.entries.find((entry) => entry.pid === pid) ?? null;
  list = (): ProcessEntry[] | undefined => (this.entries.length === 0 ? undefined : this.entries);
  ageOf = Number;
  hasVariable = (pid: number, assignment: string): boolean => {
    this.asked.push(pid);
    return assignment === `ILK_RUN_${this.cookies.get(pid) ?? 'none'}=1`;
  };
  outputEnds = (): string[] => [];
  holdsAny = (pid: number, ends: ReadonlySet<string>): boolean => ends.size > 0 && this.holders.has(pid);
  describe = (): string => '';
}

const ME = process.pid;
const at = (pid: number, parent: number, more: Partial<ProcessEntry> = {}): ProcessEntry => {
  const age = more.age ?? 500;
  return { pid, parent, group: pid, session: pid, startTime: String(age), age, ended: false, ...more };
};

/** init <- shell <- this process <- leader (pid 4_000_001, in its own session, started at 400). */
const LEADER = 4_000_001;
function table(...more: ProcessEntry[]): MadeUpTable {
  const made = new MadeUpTable();
  made.entries = [
    at(1, 0, { age: 1 }),
    at(4_000_000, 1, { age: 100 }),
    at(ME, 4_000_000, { age: 200, group: ME, session: ME }),
    at(LEADER, ME, { age: 400 }),
    ...more,
  ];
  return made;
}
const marks = (more: Partial<RunMarks> = {}): RunMarks => ({
  cookie: COOKIE,
  leader: { pid: LEADER, startTime: '400' },
  notBefore: 400,
  outputEnds: new Set(),
  watched: true,
  ...more,
});
const pids = (members: Members, depth: 'tree' | 'all' = 'all'): number[] =>
  (members.scan(depth) ?? []).map(({ pid }) => pid);

describe('a process belongs to a run', () => {
  test('as the leader, a descendant, one of its group or session, newest first', () => {
    const made = table(
      at(4_000_010, LEADER, { group: LEADER, session: LEADER, age: 410 }),
      at(4_000_011, 4_000_010, { age: 411 }),
      at(4_000_012, 1, { group: LEADER, session: LEADER, age: 412 }),
      at(4_000_013, 1, { session: 4_000_011, age: 413 }),
    );
    expect(pids(new Members(made, marks()))).toEqual([4_000_013, 4_000_012, 4_000_011, 4_000_010, LEADER]);
  });

  test('by the cookie or by holding its output, and then so do its children and its session', () => {
    const made = table(
      at(4_000_010, 1),
      at(4_000_011, 4_000_010),
      at(4_000_012, 1, { session: 4_000_010 }),
      at(4_000_020, 1),
    );
    made.cookies.set(4_000_010, COOKIE);
    made.holders.add(4_000_020);
    const found = new Members(made, marks({ outputEnds: new Set(['socket:[1]']) }));
    expect(pids(found).sort()).toEqual([LEADER, 4_000_010, 4_000_011, 4_000_012, 4_000_020]);
  });

  test('when it was seen in the tree before it left it', () => {
    const made = table(at(4_000_010, LEADER));
    const members = new Members(made, marks());
    expect(pids(members, 'tree')).toContain(4_000_010);
    made.entries = made.entries.map((entry) => (entry.pid === 4_000_010 ? { ...entry, parent: 1 } : entry));
    expect(pids(members)).toContain(4_000_010);
  });
});

describe('a process does not belong to a run', () => {
  test('with another run’s cookie, or when the run has none', () => {
    const made = table(at(4_000_010, 1), at(4_000_011, 1));
    made.cookies.set(4_000_010, 'd'.repeat(32));
    made.cookies.set(4_000_011, '');
    expect(pids(new Members(made, marks()))).toEqual([LEADER]);
    made.asked.length = 0;
    expect(pids(new Members(made, marks({ cookie: '' })))).toEqual([LEADER]);
    expect(made.asked).toEqual([]);
  });

  test('when it is older than the run, whatever else it has', () => {
    const made = table(at(4_000_010, LEADER, { age: 399, group: LEADER, session: LEADER }));
    made.cookies.set(4_000_010, COOKIE);
    expect(pids(new Members(made, marks()))).toEqual([LEADER]);
  });

  test('when it is this process, one of its ancestors, in its group, or pid 1', () => {
    const made = table(at(4_000_010, 1, { group: ME }));
    for (const { pid } of made.entries) made.cookies.set(pid, COOKIE);
    expect(pids(new Members(made, marks({ notBefore: 0, leader: null }))).sort()).toEqual([LEADER]);
  });

  test('when it has got a number that one of the run had', () => {
    const made = table(at(4_000_010, LEADER));
    const members = new Members(made, marks());
    pids(members);
    made.entries = [...made.entries.slice(0, 4), at(4_000_010, 1, { age: 600 })];
    expect(pids(members)).toEqual([LEADER]);
  });

  test('in the group of a leader whose number has gone to another process', () => {
    const made = table();
    const members = new Members(made, marks());
    made.entries = [
      ...made.entries.slice(0, 3),
      at(LEADER, 1, { age: 700 }),
      at(4_000_010, LEADER, { group: LEADER, age: 701 }),
    ];
    expect(pids(members)).toEqual([]);
  });

  test('by the dead leader’s number alone, when nobody has watched since', () => {
    const made = table(at(4_000_010, 1, { group: LEADER, session: LEADER }));
    made.entries = made.entries.filter(({ pid }) => pid !== LEADER);
    expect(pids(new Members(made, marks()))).toEqual([4_000_010]);
    expect(pids(new Members(made, marks({ watched: false })))).toEqual([]);
  });

  test('when it is dead already', () => {
    const made = table(at(4_000_010, LEADER, { ended: true }));
    expect(pids(new Members(made, marks()))).toEqual([LEADER]);
  });
});

test('a table that can not be read, or that does not hold this process, is not an empty one', () => {
  const made = new MadeUpTable();
  expect(new Members(made, marks()).scan('all')).toBeUndefined();
  made.entries = [at(1, 0)];
  expect(new Members(made, marks()).scan('all')).toBeUndefined();
});

describe('a signal', () => {
  test('never goes to a number that means more than one process, nor to this one', () => {
    for (const pid of [0, 1, -1, -5, Number.NaN, Number.POSITIVE_INFINITY, 1.5, process.pid])
      expect(isSignallable(pid)).toBe(false);
    expect(isSignallable(4_000_001)).toBe(true);
  });

  test('goes to the process that was identified, not to a later one with its number', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
    const pid = child.pid ?? 0;
    const made = table(at(pid, ME, { age: 900, group: pid, session: pid }));
    const sender = new SignalSender(made, () => undefined);
    // SIGUSR1 would end it as well, and be seen in how it ended.
    sender.toProcess({ pid, startTime: '899' }, 'SIGUSR1');
    expect(sender.toGroup(pid, [at(pid, ME, { age: 899 })], 'SIGUSR1')).toBe(false);
    expect(sender.toGroup(pid, [], 'SIGUSR1')).toBe(false);
    expect(isAlive(made, { pid, startTime: '900' })).toBe(true);
    sender.toProcess({ pid, startTime: '900' }, 'SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  });

  test('never goes to our own group', () => {
    const made = table();
    made.entries = made.entries.map((entry) => (entry.pid === ME ? { ...entry, group: 4_000_050 } : entry));
    const witness = at(4_000_051, ME, { group: 4_000_050 });
    made.entries.push(witness);
    expect(new SignalSender(made, () => undefined).toGroup(4_000_050, [witness], 'SIGKILL')).toBe(false);
  });
});
