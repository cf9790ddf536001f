import { appendFileSync, cpSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ledger, LedgerChange, Transaction } from '../../../extension/ledger/ledger';
import { failWith, FaultyFiles } from './faulty-files';
import { makeFolder, open } from './sample';
import { addition, leaseRow } from './sample-rows';

const HOUR = 3_600_000;

/** The changes up to the first one that names the item. */
function changesUntil(ledger: Ledger, item: string): Promise<LedgerChange[]> {
  return new Promise((resolve) => {
    const changes: LedgerChange[] = [];
    const end = ledger.onChange((change) => {
      changes.push(change);
      if (!change.items.has(item)) return;
      end();
      resolve(changes);
    });
  });
}

describe('a commit of another process', () => {
  it('is seen without asking, through the events of the file system', async () => {
    const directory = makeFolder();
    const writer = await open(directory);
    await writer.commit(addition('A-1'));
    const watcher = await open(directory, { watch: true, pollMs: HOUR });
    const changes = changesUntil(watcher, 'A-2');
    await writer.commit(addition('A-2'));
    expect((await changes).map(({ items, health }) => [[...items], health.mode])).toEqual([[['A-2'], 'open']]);
    expect(watcher.read.item('A-2')).toBeDefined();
  });

  it('is seen when it makes the very first segment, and each later one', async () => {
    const directory = makeFolder();
    const watcher = await open(directory, { watch: true, pollMs: HOUR });
    const writer = await open(directory, { segmentBytes: 500 });
    for (const id of ['A-1', 'A-2', 'A-3', 'A-4']) {
      const changes = changesUntil(watcher, id);
      await writer.commit(addition(id));
      await changes;
    }
    expect(watcher.read.items()).toHaveLength(4);
  });

  it.each([
    ['the file', (path: string) => path.endsWith('.jsonl')],
    ['the folder', (path: string) => !path.endsWith('.jsonl')],
  ])('is seen if %s alone gives events', async (_name, given) => {
    const directory = makeFolder();
    const writer = await open(directory);
    await writer.commit(addition('A-1'));
    const faulty = new FaultyFiles();
    faulty.every('watch', (proceed, path, ...rest) => (given(path) ? proceed(path, ...rest) : failWith('ENOSPC')()));
    const watcher = await open(directory, { watch: true, pollMs: HOUR, files: faulty.files });
    const changes = changesUntil(watcher, 'A-2');
    await writer.commit(addition('A-2'));
    await changes;
    expect(watcher.read.item('A-2')).toBeDefined();
  });

  it('is seen by the poll where the file system gives no events', async () => {
    const directory = makeFolder();
    const writer = await open(directory);
    const faulty = new FaultyFiles();
    faulty.every('watch', failWith('ENOSPC'));
    const watcher = await open(directory, { watch: true, pollMs: 5, files: faulty.files });
    const changes = changesUntil(watcher, 'A-1');
    await writer.commit(addition('A-1'));
    await changes;
    expect(watcher.read.item('A-1')).toBeDefined();
  });
});

describe('events that come in a burst', () => {
  it('make one look at once and one after, which misses nothing', async () => {
    const directory = makeFolder();
    const writer = await open(directory);
    await writer.commit(addition('A-1'));
    const faulty = new FaultyFiles();
    const events: (() => void)[] = [];
    faulty.every('watch', (_proceed, _path, onEvent) => {
      events.push(onEvent);
      return { close: () => undefined };
    });
    const watcher = await open(directory, { watch: true, pollMs: HOUR, files: faulty.files });
    const changes = changesUntil(watcher, 'A-2');
    const next = await nextLine(directory, addition('A-2'));

    const before = faulty.count('stat');
    for (let count = 0; count < 100; count++) events.forEach((event) => event());
    expect(faulty.count('stat') - before).toBeLessThan(10);
    appendFileSync(join(directory, '000001.jsonl'), next);
    events.forEach((event) => event());
    await changes;
    expect(watcher.read.item('A-2')).toBeDefined();
  });
});

/** What a process that made this transaction now would append. */
async function nextLine(directory: string, transaction: Transaction): Promise<Buffer> {
  const copy = makeFolder();
  cpSync(directory, copy, { recursive: true });
  const path = join(copy, '000001.jsonl');
  const { size } = statSync(path);
  await (await open(copy)).commit(transaction);
  return readFileSync(path).subarray(size);
}

describe('a change', () => {
  it('names the items that any changed row belongs to, and only those', async () => {
    const directory = makeFolder();
    const [ledger, other] = [await open(directory), await open(directory)];
    for (const id of ['A-1', 'A-2', 'A-3']) await ledger.commit(addition(id));
    await other.refresh();
    const changes: LedgerChange[] = [];
    other.onChange((change) => changes.push(change));
    const lease = leaseRow('A-2');
    await ledger.commit({ actor: 'a', event: 'e', pre: [['leases', 'A-2', null]], put: [['leases', lease]] });
    await other.refresh();
    await ledger.commit({
      actor: 'a',
      event: 'e',
      pre: [['leases', 'A-2', { token: lease.token }]],
      del: [['leases', 'A-2']],
    });
    await other.refresh();
    expect(changes.map(({ items }) => [...items])).toEqual([['A-2'], ['A-2']]);
  });

  it('is told for own commits too, before the caller goes on', async () => {
    const ledger = await open(makeFolder());
    const told: string[] = [];
    ledger.onChange(({ items }) => told.push(...items));
    await ledger.commit(addition('A-1'));
    expect(told).toEqual(['A-1']);
  });

  it('is not told for what lost', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1'));
    const told: LedgerChange[] = [];
    ledger.onChange((change) => told.push(change));
    await ledger.commit(addition('A-1'));
    await ledger.refresh();
    await new Promise(setImmediate);
    expect(told).toEqual([]);
  });

  it('is told once for a whole group', async () => {
    const directory = makeFolder();
    const [ledger, other] = [await open(directory), await open(directory)];
    await Promise.all(['A-1', 'A-2', 'A-3'].map((id) => ledger.commit(addition(id))));
    const told: string[][] = [];
    other.onChange(({ items }) => told.push([...items]));
    await other.refresh();
    expect(told).toEqual([['A-1', 'A-2', 'A-3']]);
  });

  it('is not told to who has left, nor after closing', async () => {
    const directory = makeFolder();
    const [writer, ledger] = [await open(directory), await open(directory, { watch: true })];
    const told: string[] = [];
    const end = ledger.onChange(() => told.push('left'));
    ledger.onChange(() => told.push('stayed'));
    end();
    await writer.commit(addition('A-1'));
    await ledger.refresh();
    await ledger.close();
    const before = [...told];
    await writer.commit(addition('A-2'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(before).not.toContain('left');
    expect(told).toEqual(before);
  });
});

describe('closing', () => {
  it.each([
    ['linux', 1],
    ['darwin', 2],
  ] as const)('ends every watch (%s: %i)', async (platform, watches) => {
    const faulty = new FaultyFiles();
    let watching = 0;
    faulty.every('watch', (proceed, ...parameters) => {
      const watcher = proceed(...parameters);
      watching++;
      return { close: () => (watching--, watcher.close()) };
    });
    const ledger = await open(makeFolder(), { watch: true, segmentBytes: 200, files: faulty.files, platform });
    for (const id of ['A-1', 'A-2', 'A-3']) await ledger.commit(addition(id));
    expect(watching).toBe(watches);
    await ledger.close();
    expect(watching).toBe(0);
  });

  it('ends the poll', async () => {
    const faulty = new FaultyFiles();
    faulty.every('watch', failWith('ENOSPC')); // each poll tries again
    const ledger = await open(makeFolder(), { watch: true, pollMs: 1, files: faulty.files });
    while (faulty.count('watch') < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    await ledger.close();
    const before = faulty.count('watch');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(faulty.count('watch')).toBe(before);
  });
});
