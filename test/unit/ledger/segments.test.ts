import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../extension/ledger/files';
import { encodeLine, FIRST_HASH, type Group } from '../../../extension/ledger/line-format';
import { FaultyFiles } from './faulty-files';
import { makeFolder, open } from './sample';
import { addition } from './sample-rows';
import { makeJournal, setSwitch } from './small-journal';

describe('segments', () => {
  it('go on in the next file, for writers and readers that were open before', async () => {
    const directory = makeFolder();
    const [a, b, reader] = [
      await open(directory, { segmentBytes: 3000 }),
      await open(directory, { segmentBytes: 3000 }),
      await open(directory),
    ];
    for (let n = 0; n < 12; n++) {
      expect(await a.commit(addition(`A-${n}`))).toMatchObject({ ok: true });
      expect(await b.commit(addition(`B-${n}`))).toMatchObject({ ok: true });
    }
    await reader.refresh();
    const fresh = await open(directory);
    const lists = [a, b, reader, fresh].map((ledger) => ledger.read.items().length);
    await a.refresh();
    expect(lists.slice(1)).toEqual([24, 24, 24]);
    expect(await fresh.verify()).toEqual([]);
    expect(readFileSync(join(directory, '000005.jsonl'), 'utf8')).toContain('"open":5');
  });

  it('a line that comes after a seal is void, and its writer tries the next segment', async () => {
    const { directory, file } = await makeJournal(['a']);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const { a } = JSON.parse(lines.at(-1)?.slice(33) ?? '') as Group;
    const seal = encodeLine({ v: 1, a, tx: [], seal: 2 });
    let sealed = false;
    const files = {
      ...nodeFiles,
      write: (fd: number, line: Uint8Array) => {
        if (!sealed && Buffer.from(line).includes('"late"')) {
          sealed = true;
          appendFileSync(file, seal);
        }
        return nodeFiles.write(fd, line);
      },
    };
    const ledger = await open(directory, { files });
    expect(await ledger.commit(setSwitch('late'))).toMatchObject({ ok: true });
    expect(readFileSync(file, 'utf8')).toContain('"late"');
    expect(readFileSync(join(directory, '000002.jsonl'), 'utf8')).toContain('"late"');
    const other = await open(directory);
    expect(other.read.switches().map(({ name }) => name)).toEqual(['a', 'late']);
    expect(await other.verify()).toEqual([]);
  });

  it('that another process makes, and this one reads on into, while the seal is being flushed, are left to it', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const [a, b] = [
      await open(directory, { segmentBytes: 200, files: faulty.files }),
      await open(directory, { segmentBytes: 200 }),
    ];
    await a.commit(setSwitch('a'));
    faulty.next('sync', async (proceed, fd) => {
      expect(await b.commit(setSwitch('b'))).toMatchObject({ ok: true });
      await a.refresh();
      await proceed(fd);
    });
    expect(await a.commit(setSwitch('c'))).toMatchObject({ ok: true });
    const other = await open(directory);
    expect(other.health).toEqual({ mode: 'open' });
    expect(other.read.switches().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(await other.verify()).toEqual([]);
  });

  it('are on disk before they have their name, and the seal before them is on disk before that', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { segmentBytes: 200, files: faulty.files });
    await ledger.commit(setSwitch('a'));
    const events: string[] = [];
    faulty.every('write', (proceed, fd, bytes) => {
      events.push(/"(open|seal|name)"/.exec(Buffer.from(bytes).toString())?.[1] ?? '?');
      return proceed(fd, bytes);
    });
    faulty.every('link', (proceed, from, to) => (events.push('link'), proceed(from, to)));
    faulty.every('unlink', (proceed, path) => (events.push('unlink'), proceed(path)));
    faulty.every('sync', (proceed, fd) => proceed(fd).then(() => void events.push('sync')));
    faulty.every('syncDirectory', (proceed, path) => proceed(path).then(() => void events.push('syncDirectory')));
    await ledger.commit(setSwitch('b'));
    const first = ['seal', 'sync', 'open', 'sync', 'link', 'unlink', 'syncDirectory'];
    expect(events).toEqual([...first, 'sync', 'syncDirectory', 'name', 'sync']);
  });

  it.each([
    ['opens as another one', { open: 2 }, undefined],
    ['is sealed in favour of another one than the next', { open: 1 }, { seal: 7 }],
    ['is opened twice', { open: 1 }, { open: 1 }],
  ])('that %s is damage', async (_name, first, second) => {
    const directory = makeFolder();
    const line = (more: object) => encodeLine({ v: 1, a: [0, FIRST_HASH], tx: [], ...more });
    writeFileSync(join(directory, '000001.jsonl'), Buffer.concat([line(first), ...(second ? [line(second)] : [])]));
    expect((await open(directory)).health).toMatchObject({ code: 'damaged' });
  });

  it('belong to the segment before them: one from elsewhere is damage', async () => {
    const make = async (name: string) => {
      const directory = makeFolder();
      const ledger = await open(directory, { segmentBytes: 200 });
      await ledger.commit(setSwitch(name));
      await ledger.commit(setSwitch('more'));
      await ledger.close();
      return directory;
    };
    const [ours, theirs] = [await make('a'), await make('b')];
    copyFileSync(join(theirs, '000002.jsonl'), join(ours, '000002.jsonl'));
    const ledger = await open(ours);
    expect(ledger.health).toMatchObject({ code: 'damaged', reason: expect.stringContaining('000002.jsonl') });
    expect(ledger.read.switches().map(({ name }) => name)).toEqual(['a']);
  });
});
