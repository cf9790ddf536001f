import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import { open, sqlJsFolder } from '../../unit/ledger/sample';
import { addition, leaseRow } from '../../unit/ledger/sample-rows';
import type { WriterTask } from './writer';
import { bundleWriter, WriterProcess } from './writers';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-writers-'));
  script = await bundleWriter(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let task: Omit<WriterTask, 'name' | 'work'>;
let round = 0;
beforeEach(() => {
  const directory = join(folder, `ledger-${++round}`);
  task = { directory, sqlJs: sqlJsFolder, items: [], acks: join(folder, `acks-${round}`) };
});

const acks = () => (existsSync(task.acks) ? readFileSync(task.acks, 'utf8').trim().split('\n') : []);

async function addItems(count: number): Promise<void> {
  const ledger = await open(task.directory);
  task.items = Array.from({ length: count }, (_, n) => `A-${n + 1}`);
  await Promise.all(task.items.map((id) => ledger.commit(addition(id))));
  await ledger.close();
}

async function startAll(count: number, work: WriterTask['work']): Promise<WriterProcess[]> {
  const writers = Array.from({ length: count }, (_, n) =>
    WriterProcess.spawn(script, { ...task, name: `writer-${n}`, work }),
  );
  await Promise.all(writers.map((writer) => writer.ready()));
  for (const writer of writers) writer.start();
  return writers;
}

/** How many commits each of them won. */
async function runAll(count: number, work: WriterTask['work']): Promise<number[]> {
  const writers = await startAll(count, work);
  const results = await Promise.all(writers.map((writer) => writer.result()));
  await Promise.all(writers.map((writer) => writer.dismiss()));
  return results.map((won) => won ?? NaN);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

async function expectSound(): Promise<Ledger> {
  const ledger = await open(task.directory);
  expect(ledger.health).toEqual({ mode: 'open' });
  expect(await ledger.verify()).toEqual([]);
  return ledger;
}

describe('several processes', () => {
  it('that try the same transition of many items: each item has one winner', async () => {
    await addItems(60);
    const wins = await runAll(4, { kind: 'race' });
    expect(sum(wins)).toBe(60);
    const ledger = await expectSound();
    expect(new Set(ledger.read.items().map(({ rev }) => rev))).toEqual(new Set([2]));
    expect(
      ledger.read
        .items()
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(acks().sort());
  });

  it('that write the same few items, from segment to segment: nothing is lost and nothing is won twice', async () => {
    await addItems(3);
    task.segmentBytes = 40_000;
    const wins = await runAll(3, { kind: 'steps', rounds: 100 });
    const ledger = await expectSound();
    const steps = sum(ledger.read.items().map(({ rev }) => rev - 1));
    expect(sum(wins)).toBe(steps);
    expect(existsSync(join(task.directory, '000002.jsonl'))).toBe(true);
    const kept = ledger.read.transitions().filter(({ rev }) => rev > 1);
    expect(kept.map(({ reason }) => reason).sort()).toEqual(acks().sort());
  });

  it('that make a ledger at the same moment make one', async () => {
    task.items = ['A-1'];
    const wins = await runAll(4, { kind: 'die', at: 0, torn: false });
    expect(wins.filter((won) => won === 1)).toHaveLength(1);
    expect((await expectSound()).read.items()).toHaveLength(1);
  });

  it('that find the leases of a dead owner: each lease has one new owner', async () => {
    await addItems(20);
    const ledger = await open(task.directory);
    for (const id of task.items) {
      const dead = leaseRow(id, { host: hostname(), boot_id: 'an earlier boot' });
      await ledger.commit({ actor: 'a', event: 'lease-taken', pre: [['leases', id, null]], put: [['leases', dead]] });
    }
    const wins = await runAll(4, { kind: 'lease' });
    expect(sum(wins)).toBe(20);
    expect((await expectSound()).read.leases().filter(({ boot_id }) => boot_id === 'an earlier boot')).toEqual([]);
  });
});

describe('a process that is killed', () => {
  it('at any moment loses nothing that it was told, and leaves nothing half done', async () => {
    await addItems(3);
    for (let kill = 0; kill < 4; kill++) {
      const writers = await startAll(3, { kind: 'steps', rounds: null });
      await Promise.all(
        writers.map(async (writer) => {
          await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 120));
          await writer.kill();
        }),
      );
      const ledger = await expectSound();
      const kept = new Set(ledger.read.transitions().map(({ reason }) => reason));
      expect(acks().filter((mark) => !kept.has(mark))).toEqual([]);
      await ledger.close();
    }
    expect(acks().length).toBeGreaterThan(0);
  });

  it.each([
    { when: 'before each file call while it makes the ledger', fresh: true, torn: false, deaths: 10 },
    { when: 'before each file call in a ledger that exists', fresh: false, torn: false, deaths: 4 },
    { when: 'in the middle of each line', fresh: false, torn: true, deaths: 1 },
  ])('$when leaves a ledger that goes on', async ({ fresh, torn, deaths }) => {
    const { directory } = task;
    let died = 0;
    for (let at = 1, alive = false; !alive; at++) {
      task.items = [`D-${at}`];
      if (fresh) task.directory = `${directory}-${at}`;
      else if (at === 1) await addItems(1);
      const writer = WriterProcess.spawn(script, { ...task, name: 'dying', work: { kind: 'die', at, torn } });
      await writer.ready();
      writer.start();
      alive = (await writer.result()) !== null;
      await writer.dismiss();
      if (!alive) died++;
      const ledger = await expectSound();
      const there = new Set(ledger.read.items().map(({ id }) => id));
      if (acks().includes(`D-${at}`)) expect(there).toContain(`D-${at}`);
      expect(await ledger.commit(addition(`N-${at}`))).toMatchObject({ ok: true });
      await ledger.close();
    }
    expect(died).toBeGreaterThanOrEqual(deaths);
  });
});
