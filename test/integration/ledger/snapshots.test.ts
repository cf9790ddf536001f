import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, sqlJsFolder } from '../../unit/ledger/sample';
import { addition } from '../../unit/ledger/sample-rows';
import { snapshotsIn } from '../../unit/ledger/sample-snapshots';
import type { WriterTask } from './writer';
import { bundleWriter, WriterProcess } from './writers';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-snapshots-'));
  script = await bundleWriter(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Usual = Pick<WriterTask, 'directory' | 'sqlJs' | 'items' | 'acks'>;

async function makeLedger(name: string): Promise<Usual> {
  const directory = join(folder, name);
  const items = ['A-1', 'A-2', 'A-3'];
  const ledger = await open(directory);
  for (const id of items) await ledger.commit(addition(id));
  await ledger.close();
  return { directory, sqlJs: sqlJsFolder, items, acks: join(folder, `${name}-acks`) };
}

const acks = (task: Usual) => (existsSync(task.acks) ? readFileSync(task.acks, 'utf8').trim().split('\n') : []);

/** The ledger is whole, every snapshot in it too, and what was answered is in it. */
async function expectSound(task: Usual): Promise<void> {
  const ledger = await open(task.directory);
  expect(ledger.health).toEqual({ mode: 'open' });
  expect(await ledger.verify()).toEqual([]);
  const kept = new Set(ledger.read.transitions().map(({ reason }) => reason));
  expect(acks(task).filter((mark) => !kept.has(mark))).toEqual([]);
  await ledger.close();
}

describe('several processes that make snapshots', () => {
  it('at the same time do each other no harm: at most two are kept, and they are whole', async () => {
    const task = await makeLedger('two');
    const writers = [1, 2, 3].map((n) =>
      WriterProcess.spawn(script, {
        ...task,
        name: `writer-${n}`,
        segmentBytes: 40_000,
        snapshots: { groups: 10, groupsAtClose: 1, idleMs: 1 },
        work: { kind: 'steps', rounds: 100 },
      }),
    );
    await Promise.all(writers.map((writer) => writer.ready()));
    for (const writer of writers) writer.start();
    const won = await Promise.all(writers.map((writer) => writer.result()));
    await Promise.all(writers.map((writer) => writer.dismiss()));
    expect(won).not.toContain(null);
    await expectSound(task);
    const images = snapshotsIn(task.directory).filter((name) => name.endsWith('.db'));
    expect(images.length).toBeGreaterThan(0);
    expect(snapshotsIn(task.directory)).toHaveLength(2 * images.length);
    expect(images.length).toBeLessThanOrEqual(2);
  });
});

describe('a process that is killed while it makes snapshots', () => {
  it('at any moment loses nothing', async () => {
    const task = await makeLedger('killed');
    for (let round = 0; round < 4; round++) {
      const writers = [1, 2].map((n) =>
        WriterProcess.spawn(script, {
          ...task,
          name: `writer-${round}-${n}`,
          snapshots: { groups: 3, groupsAtClose: 1, idleMs: 0 },
          work: { kind: 'steps', rounds: null },
        }),
      );
      await Promise.all(writers.map((writer) => writer.ready()));
      for (const writer of writers) writer.start();
      for (let tries = 0; tries < 1000 && snapshotsIn(task.directory).length === 0; tries++) await setTimeout(10);
      await setTimeout(20 + Math.random() * 100);
      await Promise.all(writers.map((writer) => writer.kill()));
      await expectSound(task);
    }
    expect(snapshotsIn(task.directory)).not.toEqual([]);
  });

  it('before each of its file calls leaves what the next one uses or drops', async () => {
    const task = await makeLedger('steps');
    const die = async (at: number) => {
      const writer = WriterProcess.spawn(script, {
        ...task,
        items: [`D-${at}`],
        acks: join(folder, 'unread'),
        name: 'dying',
        snapshots: { groupsAtClose: 1 },
        work: { kind: 'die', at, torn: false },
      });
      await writer.ready();
      writer.start();
      const alive = (await writer.result()) !== null;
      await writer.dismiss();
      return !alive;
    };
    const left = new Set<string>();
    let deaths = 0;
    for (let at = 1; await die(at); at++) {
      deaths++;
      for (const name of snapshotsIn(task.directory)) left.add(name.replace(/\d+/, 'N').replace(/new-.*/, 'new'));
      const ledger = await open(task.directory, { snapshots: { groupsAtClose: 100 } });
      expect(ledger.health).toEqual({ mode: 'open' });
      expect(await ledger.verify()).toEqual([]);
      expect(await ledger.commit(addition(`N-${at}`))).toMatchObject({ ok: true });
      await ledger.close();
    }
    // Death came in every state that the folder can be in: a draft and a finished file, of the image and of the manifest.
    expect([...left].sort()).toEqual(['snap-N.db', 'snap-N.db.new', 'snap-N.json', 'snap-N.json.new']);
    expect(deaths).toBeGreaterThan(15);
    expect(readdirSync(task.directory).filter((name) => name.includes('.new-'))).toEqual([]);
    expect(snapshotsIn(task.directory).length).toBeLessThanOrEqual(4);
  }, 180_000); // some sixty processes, one after the other
});
