import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../extension/ledger/files';
import { Replica } from '../../../extension/ledger/replica';
import { takeSnapshot } from '../../../extension/ledger/take-snapshot';
import { failWith, FaultyFiles } from './faulty-files';
import { makeFolder, open, sqlJs } from './sample';
import { atEveryClose, forge, makeSnapshots, names, snapshotsIn, write } from './sample-snapshots';
import { setSwitch } from './small-journal';

const bothFiles = (...groups: number[]) => groups.flatMap((count) => [`snap-${count}.db`, `snap-${count}.json`]).sort();

/** Resolves when there is such a file. */
async function appears(directory: string, name: string): Promise<void> {
  for (let tries = 0; tries < 500 && !readdirSync(directory).includes(name); tries++) await setTimeout(10);
  expect(readdirSync(directory)).toContain(name);
}

describe('a snapshot', () => {
  it('is made at a close, is used by the next opening, and the newest two are kept', async () => {
    const directory = makeFolder();
    for (const round of ['a', 'b', 'c', 'd']) await write(directory, [`${round}-1`, `${round}-2`]);
    expect(snapshotsIn(directory)).toEqual(bothFiles(6, 8));
    const options = { directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' as const };
    const ledger = await open(directory);
    expect(names(ledger)).toHaveLength(8);
    expect(await ledger.verify()).toEqual([]);
    const whole = await Replica.open(options);
    expect(whole.groups).toBe(8);
    whole.close();
  });

  it('is not made at a close before enough was written, nor by a process that only reads', async () => {
    const directory = makeFolder();
    await write(directory, ['a', 'b'], { snapshots: { groupsAtClose: 3 } });
    const reader = await open(directory, { snapshots: atEveryClose });
    await reader.close();
    expect(snapshotsIn(directory)).toEqual([]);
    await write(directory, ['c'], { snapshots: { groupsAtClose: 3 } });
    expect(snapshotsIn(directory)).toEqual(bothFiles(3));
  });

  it('is made in an idle moment, and the ledger goes on', async () => {
    const directory = makeFolder();
    const ledger = await open(directory, { snapshots: { groups: 3, groupsAtClose: 100, idleMs: 1 } });
    for (const name of ['a', 'b', 'c']) await ledger.commit(setSwitch(name));
    await appears(directory, 'snap-3.json');
    for (const name of ['d', 'e', 'f']) expect(await ledger.commit(setSwitch(name))).toMatchObject({ ok: true });
    await appears(directory, 'snap-6.json');
    expect(names(ledger)).toHaveLength(6);
    expect(await ledger.verify()).toEqual([]);
  });

  it('holds nothing that is not on disk: the journal is flushed before the view is copied', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const [ledger, other] = [
      await open(directory, { files: faulty.files, snapshots: atEveryClose }),
      await open(directory),
    ];
    await ledger.commit(setSwitch('a'));
    let flushes = 0;
    faulty.every('sync', async (proceed, fd) => {
      await proceed(fd);
      // Another process writes after the size was asked for.
      if (++flushes > 2) return;
      await other.commit(setSwitch(`b-${flushes}`));
      await ledger.refresh();
    });
    await ledger.close();
    expect(flushes).toBe(5); // three times the journal, then image and manifest
    expect(snapshotsIn(directory)).toEqual(bothFiles(3));
    expect(await (await open(directory)).verify()).toEqual([]);
  });

  it('is given up if the journal cannot be flushed or others never rest', async () => {
    const directory = makeFolder();
    const [ledger, other] = [await open(directory), await open(directory)];
    await ledger.commit(setSwitch('a'));
    const live = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'append' });
    const faulty = new FaultyFiles();
    const options = { files: faulty.files, directory, replica: () => live };
    faulty.next('sync', () => Promise.reject(new Error('EIO')));
    await expect(takeSnapshot(options, 0)).rejects.toThrow('EIO');
    let written = 0;
    faulty.every('sync', async () => {
      await other.commit(setSwitch(`b-${++written}`));
      live.advance();
    });
    expect(await takeSnapshot(options, 0)).toBeNull();
    live.close();
    expect([written, snapshotsIn(directory)]).toEqual([3, []]);
  });

  it('that another process made meanwhile is not made again; one that cannot be used does not count', async () => {
    const { directory } = await makeSnapshots();
    const live = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'append' });
    const options = { files: nodeFiles, directory, replica: () => live };
    expect(await takeSnapshot(options, 3)).toBe(4);
    forge(directory, 4, { migration: 99 });
    expect(await takeSnapshot(options, 3)).toBe(5);
    live.close();
    expect(snapshotsIn(directory)).toEqual(bothFiles(4, 5));
  });

  it('that cannot be written leaves nothing behind and nobody hears of it', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const ledger = await open(directory, { files: faulty.files, snapshots: atEveryClose });
    await ledger.commit(setSwitch('a'));
    faulty.every('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, 50)));
    await ledger.close();
    expect(readdirSync(directory)).toEqual(['000001.jsonl']);
    expect(names(await open(directory))).toEqual(['a']);
  });

  it('is on disk before its manifest has a name, and what dead makers left is dropped after that', async () => {
    const directory = makeFolder();
    await write(directory, ['a'], { snapshots: {} });
    for (const name of ['snap-1.db', 'snap-1.db.new-00ff', 'snap-2.json.new-00ff', 'snap-9.db.new-00ff'])
      nodeFiles.close(nodeFiles.open(join(directory, name), 'new'));
    const faulty = new FaultyFiles();
    const events: string[] = [];
    faulty.every('sync', (proceed, fd) => proceed(fd).then(() => void events.push('sync')));
    faulty.every('syncDirectory', (proceed, path) => proceed(path).then(() => void events.push('syncDirectory')));
    faulty.every('link', (proceed, from, to) => (events.push(`link ${to.slice(-5)}`), proceed(from, to)));
    const ledger = await open(directory, { files: faulty.files, snapshots: atEveryClose });
    await ledger.commit(setSwitch('b'));
    events.length = 0;
    await ledger.close();
    const file = (end: string) => ['sync', `link ${end}`, 'syncDirectory'];
    expect(events).toEqual(['sync', ...file('-2.db'), ...file('.json')]);
    expect(snapshotsIn(directory)).toEqual([...bothFiles(2), 'snap-9.db.new-00ff']);
  });

  it('whose image a quicker maker took for a dead one is dropped, and the older ones are kept', async () => {
    const { directory } = await makeSnapshots();
    const live = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'append' });
    const faulty = new FaultyFiles();
    faulty.every('link', (proceed, from, to) => {
      if (to.endsWith('.json')) nodeFiles.unlink(join(directory, 'snap-5.db'));
      proceed(from, to);
    });
    await takeSnapshot({ files: faulty.files, directory, replica: () => live }, 4);
    live.close();
    expect(snapshotsIn(directory)).toEqual(bothFiles(2, 4));
  });

  it.each(['db', 'json'])('whose draft a quicker maker drops as it gets its name is finished: %s', async (kind) => {
    const { directory } = await makeSnapshots();
    const live = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'append' });
    const faulty = new FaultyFiles();
    faulty.every('link', (proceed, from, to) => {
      proceed(from, to);
      if (to.endsWith(`.${kind}`)) nodeFiles.unlink(from);
    });
    expect(await takeSnapshot({ files: faulty.files, directory, replica: () => live }, 4)).toBe(5);
    live.close();
    expect(snapshotsIn(directory)).toEqual(bothFiles(4, 5));
  });

  it('works across segments, at a seal too, and for a writer that comes from one', async () => {
    const directory = makeFolder();
    const options = { segmentBytes: 600, snapshots: atEveryClose };
    for (let n = 0; n < 12; n++) {
      await write(directory, [`n-${n}`], options);
      const ledger = await open(directory, options);
      expect(names(ledger)).toHaveLength(n + 1);
      expect(await ledger.verify()).toEqual([]);
    }
    expect(readdirSync(directory)).toContain('000004.jsonl');
  });

  it('is no hindrance to a writer that attests a place far before it', async () => {
    const directory = makeFolder();
    const slow = await open(directory);
    await slow.commit(setSwitch('a'));
    // More than what is proven at an opening.
    for (const name of ['b', 'c']) {
      const ledger = await open(directory, { snapshots: atEveryClose });
      await ledger.commit({ ...setSwitch(name), actor: 'a'.repeat(80_000) });
      await ledger.close();
    }
    await slow.commit(setSwitch('d'));
    const ledger = await open(directory);
    expect(ledger.health).toEqual({ mode: 'open' });
    expect(names(ledger)).toEqual(['a', 'b', 'c', 'd']);
    expect(await ledger.verify()).toEqual([]);
  });

  it('is not trusted when a commit has to be looked up: the whole journal is read again', async () => {
    const { directory } = await makeSnapshots();
    const faulty = new FaultyFiles();
    const ledger = await open(directory, { files: faulty.files });
    await ledger.commit(setSwitch('f'));
    faulty.next('sync', async (proceed, fd) => {
      await proceed(fd);
      // Another process makes a snapshot that holds the commit already.
      await write(directory, ['h']);
      faulty.next('read', failWith('EIO'));
    });
    expect(await ledger.commit(setSwitch('g'))).toMatchObject({ ok: true });
    expect(snapshotsIn(directory)).toEqual(bothFiles(4, 8));
    expect(names(ledger)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    expect(ledger.health).toEqual({ mode: 'open' });
    expect(await ledger.verify()).toEqual([]);
  });

  it('leaves the view as usable as it was, however often it is made', async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    await ledger.commit(setSwitch('a'));
    const live = await Replica.open({ directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' });
    const first = live.view.image();
    for (let n = 0; n < 200; n++) expect(live.view.image()).toEqual(first);
    expect(live.view.all('SELECT name FROM switches')).toEqual([{ name: 'a' }]);
    live.close();
  });
});
