import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { plainMap } from '../../../runner-host/output/output-map';
import { ownIdentity } from '../../../runner-host/processes/own-identity';
import { ProcTable } from '../../../runner-host/processes/proc-table';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { persistOutcome } from '../../../runner-host/registry/persist-outcome';
import { finishRemovals, listRuns, removeOldRuns } from '../../../runner-host/registry/retention';
import { DamagedRun, RunDirectory } from '../../../runner-host/registry/run-directory';
import { RunQueue } from '../../../runner-host/registry/run-queue';
import type { RunRecord } from '../../../runner-host/registry/run-record';
import { settleLost } from '../../../runner-host/registry/settle-lost';
import { StoredRuns } from '../../../runner-host/registry/stored-runs';
import { noSupervision } from '../../../runner-host/runners/no-supervision';

const table = new ProcTable();
const me = ownIdentity(table);
const spec = (run: string): TestRunSpec => ({
  kind: 'test',
  run,
  item: 'DEMO-1',
  worktree: '/nowhere',
  artifacts: 'docs',
  command: 'true',
  cwd: '.',
  timeoutMs: 1000,
  graceMs: 100,
  env: {},
  passEnv: [],
  report: null,
  head: 'x',
});
const RUN = 'r00000001-00000000';
const result = (run = RUN): TestRunResult => ({
  status: 'suite-ran',
  run,
  item: 'DEMO-1',
  kind: 'test',
  supervision: noSupervision(5),
  tree: null,
  report: { state: 'not-configured' },
});

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'ilk-runs-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));
const record = (more: Partial<RunRecord> = {}): RunRecord => ({
  host: me,
  cookie: 'e'.repeat(32),
  tmp: join(runs, 'tmp', RUN),
  shim: null,
  leader: null,
  startedAt: 5,
  ...more,
});
const make = async (run: string, more: Partial<RunRecord> = {}): Promise<RunDirectory> => {
  const directory = new RunDirectory(runs, run);
  await directory.create(spec(run), record(more));
  return directory;
};
const names = (directory: RunDirectory): string[] => readdirSync(directory.path).sort();

describe('a run’s folder', () => {
  test('is closed to others, and gives back what was put in', async () => {
    const directory = await make(RUN);
    expect(statSync(directory.path).mode & 0o777).toBe(0o700);
    expect(await directory.readSpec()).toEqual(spec(RUN));
    expect(await directory.readResult()).toBeNull();
    await directory.writeResult(result());
    expect(await directory.readResult()).toEqual(result());
    expect(names(directory)).toEqual(['processes.json', 'result.json', 'spec.json']);
    expect(statSync(join(directory.path, 'result.json')).mode & 0o777).toBe(0o600);
  });

  test('with a file that can not be understood is damaged, not empty', async () => {
    const directory = await make(RUN);
    for (const text of ['', '{', '{"status":"suite-ran"}']) {
      writeFileSync(join(directory.path, 'result.json'), text);
      await expect(directory.readResult()).rejects.toBeInstanceOf(DamagedRun);
    }
  });

  test('sets room aside, so that a full disk still takes the result: as disk-full, never as green', async () => {
    const directory = await make(RUN);
    expect(statSync(join(directory.path, 'reserve')).size).toBe(64 * 1024);
    directory.writeCases = () =>
      Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    const told = await persistOutcome(directory, { result: result(), cases: [] }, plainMap(0), () => undefined);
    expect(told).toMatchObject({
      persisted: true,
      result: { status: 'infra', cause: 'disk-full', supervision: result().supervision },
    });
    expect(await directory.readResult()).toEqual(told.result);
    expect(names(directory)).not.toContain('reserve');
  });

  test('that can take nothing at all leaves the result with its host', async () => {
    const directory = await make(RUN);
    rmSync(directory.path, { recursive: true });
    const told = await persistOutcome(directory, { result: result(), cases: null }, plainMap(0), () => undefined);
    expect(told).toEqual({ result: result(), persisted: false });
  });
});

describe('old runs', () => {
  test('go when they are acknowledged and not among the newest; others stay', async () => {
    const ids = [1, 2, 3, 4].map((n) => `r0000000${n}-00000000`);
    for (const id of ids) await make(id);
    for (const id of [ids[0], ids[2], ids[3]]) await new RunDirectory(runs, id ?? '').acknowledge();
    await removeOldRuns(runs, 1);
    expect((await listRuns(runs)).map(({ run }) => run)).toEqual([ids[1], ids[3]]);
  });

  test('whose removal was cut short are removed, and are no unfinished runs meanwhile', async () => {
    mkdirSync(join(runs, `${RUN}.removed`));
    expect(await listRuns(runs)).toEqual([]);
    await finishRemovals(runs);
    expect(readdirSync(runs)).toEqual([]);
  });
});

describe('a run whose host is gone', () => {
  const tools = { table, me, log: () => undefined };

  test('of an earlier boot: nothing of it can be alive', async () => {
    const lost = {
      directory: await make(RUN),
      spec: spec(RUN),
      record: record({ host: { ...me, bootId: 'earlier' }, leader: { pid: process.ppid, startTime: '1' } }),
    };
    expect(await settleLost(lost, tools)).toMatchObject({
      cause: 'host-lost',
      supervision: { cleanliness: 'clean', leaked: 0 },
    });
    expect(await lost.directory.readResult()).not.toBeNull();
  });

  test.each([
    ['another machine', { host: 'elsewhere' }],
    ['another container', { pidNamespace: 'pid:[1]' }],
  ])('of %s: its processes can not be seen, and that is said', async (_name, other) => {
    const lost = { directory: await make(RUN), spec: spec(RUN), record: record({ host: { ...me, ...other } }) };
    expect(await settleLost(lost, tools)).toMatchObject({
      cause: 'host-lost',
      supervision: { containment: 'none', cleanliness: 'unchecked' },
    });
  });

  test('without a record: nothing is known, nothing is touched', async () => {
    const lost = { directory: await make(RUN), spec: spec(RUN), record: null };
    expect(await settleLost(lost, tools)).toMatchObject({
      cause: 'host-lost',
      supervision: { cleanliness: 'unchecked' },
    });
  });

  test('loses its folder for temporary files, but no other folder that a record may name', async () => {
    const tmp = join(runs, 'tmp', RUN);
    const other = join(runs, 'precious');
    for (const path of [tmp, other]) mkdirSync(path, { recursive: true });
    const directory = await make(RUN);
    await settleLost({ directory, spec: spec(RUN), record: record({ tmp: other }) }, tools);
    expect(existsSync(other)).toBe(true);
    await settleLost({ directory, spec: spec(RUN), record: record({ tmp }) }, tools);
    expect(existsSync(tmp)).toBe(false);
  });

  test('is settled once; one whose host lives, or may live, is left alone; one that can not be read stops no other', async () => {
    const dead = { ...me, startTime: '1' };
    const lost = await make('r00000001-00000000', { host: dead });
    const damaged = await make('r00000002-00000000', { host: dead });
    writeFileSync(join(damaged.path, 'spec.json'), '{');
    const elsewhere = await make('r00000003-00000000', { host: { ...dead, host: 'elsewhere' } });
    const living = await make('r00000004-00000000', {
      host: { ...me, pid: process.ppid, startTime: table.read(process.ppid)?.startTime ?? '' },
    });
    const later = await make('r00000005-00000000', { host: dead });
    const lines: string[] = [];
    const adopt = (): never => {
      throw new Error('a test run is never adopted');
    };
    const log = (line: string): number => lines.push(line);
    const stored = new StoredRuns({ runs, me, table, log, onFinished: () => undefined, adopt });
    await stored.recover((_run, work) => work());
    expect([lost, later].every((directory) => existsSync(join(directory.path, 'result.json')))).toBe(true);
    expect([damaged, elsewhere, living].some((directory) => existsSync(join(directory.path, 'result.json')))).toBe(
      false,
    );
    expect(lines.join('\n')).toContain('r00000002-00000000');
    const first = await lost.readResult();
    expect((await stored.find(lost.run))?.result).toEqual(first);
    stored.dispose();
  });
});

describe('the queue', () => {
  const enter = (queue: RunQueue, worktree: string, log: string[], name: string) => {
    const waiter = {
      worktree,
      start: () => void log.push(`${name} starts`),
      moved: (position: number) => void log.push(`${name} ${position}`),
    };
    queue.enter(waiter);
    return waiter;
  };

  test('starts in order as places come free, and tells the positions', () => {
    const queue = new RunQueue(2);
    const log: string[] = [];
    const [a] = ['a', 'b', 'c', 'd'].map((name) => enter(queue, name, log, name));
    expect(log).toEqual(['a starts', 'b starts', 'c 1', 'c 1', 'd 2']);
    log.length = 0;
    if (a) queue.leave(a);
    if (a) queue.leave(a);
    expect(log).toEqual(['c starts', 'd 1', 'd 1']);
  });

  test('runs one command at a time in a worktree, and lets others pass meanwhile', () => {
    const queue = new RunQueue(2);
    const log: string[] = [];
    const first = enter(queue, 'same', log, 'first');
    enter(queue, 'same', log, 'second');
    enter(queue, 'other', log, 'third');
    expect(log).toEqual(['first starts', 'second 1', 'third starts', 'second 1']);
    queue.leave(first);
    expect(log.at(-1)).toBe('second starts');
  });

  test('forgets who gives up waiting', () => {
    const queue = new RunQueue(1);
    const log: string[] = [];
    const first = enter(queue, 'a', log, 'first');
    const second = enter(queue, 'b', log, 'second');
    enter(queue, 'c', log, 'third');
    queue.leave(second);
    queue.leave(first);
    expect(log.filter((line) => line.endsWith('starts'))).toEqual(['first starts', 'third starts']);
  });
});
