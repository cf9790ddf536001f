import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ledger, Transaction } from '../../../extension/ledger/ledger';
import type { ItemRow } from '../../../extension/ledger/rows';
import { failWith, FaultyFiles } from './faulty-files';
import { makeFolder, open } from './sample';
import { addition, itemRow, leaseRow, step, transitionRow } from './sample-rows';

const item = (ledger: Ledger, id: string): ItemRow => {
  const row = ledger.read.item(id);
  if (!row) throw new Error(`no item ${id}`);
  return row;
};
const journal = (directory: string) => readFileSync(join(directory, '000001.jsonl'), 'utf8');

describe('a ledger', () => {
  it('makes its folder and files for their owner alone', async () => {
    const directory = join(makeFolder(), 'interlock', 'ledger');
    const ledger = await open(directory);
    await ledger.commit(addition('A-1'));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, '000001.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('writes nothing while it is only read', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    await ledger.refresh();
    expect(ledger.read.items()).toEqual([]);
    await ledger.close();
    expect(faulty.count('write')).toBe(0);
  });

  it('tells the next one that opens it everything that was committed', async () => {
    const directory = makeFolder();
    const first = await open(directory);
    expect(await first.commit(addition('A-1'))).toMatchObject({ ok: true });
    expect(await first.commit(step(item(first, 'A-1'), 'merge'))).toMatchObject({ ok: true });
    const second = await open(directory);
    expect(item(second, 'A-1')).toMatchObject({ stage: 'merge', rev: 2 });
    expect(second.read.transitions('A-1').map(({ to_stage }) => to_stage)).toEqual(['testing', 'merge']);
    expect(await second.verify()).toEqual([]);
  });

  it('refuses everything once it is closed', async () => {
    const ledger = await open(makeFolder());
    await ledger.close();
    await expect(ledger.commit(addition('A-1'))).rejects.toMatchObject({ code: 'closed' });
    await expect(ledger.refresh()).rejects.toMatchObject({ code: 'closed' });
    expect(() => ledger.read.items()).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('finishes the commits under way before it closes, and takes no more', async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    const commits = ['A-1', 'A-2', 'A-3'].map((id) => ledger.commit(addition(id)));
    const closing = ledger.close();
    await expect(ledger.commit(addition('A-4'))).rejects.toMatchObject({ code: 'closed' });
    await closing;
    expect(await Promise.all(commits)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect((await open(directory)).read.items()).toHaveLength(3);
  });
});

describe('a commit', () => {
  it('that lost the race names the precondition and what stands there', async () => {
    const directory = makeFolder();
    const [a, b] = [await open(directory), await open(directory)];
    await a.commit(addition('A-1'));
    await b.refresh();
    const stale = item(b, 'A-1');
    await a.commit(step(item(a, 'A-1'), 'merge'));
    expect(await b.commit(step(stale, 'deploy'))).toMatchObject({
      ok: false,
      table: 'items',
      key: 'A-1',
      expected: { stage: 'testing', rev: 1 },
      actual: { stage: 'merge', rev: 2 },
    });
  });

  it('that has lost already writes nothing', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    await ledger.commit(addition('A-1'));
    const written = faulty.count('write');
    expect(await ledger.commit(addition('A-1'))).toMatchObject({ ok: false, expected: null });
    expect(faulty.count('write')).toBe(written);
  });

  it('is told only after the flush', async () => {
    const faulty = new FaultyFiles();
    const directory = makeFolder();
    const ledger = await open(directory, { files: faulty.files });
    await ledger.commit(addition('A-1'));
    const order: string[] = [];
    faulty.next('sync', async (proceed, fd) => {
      expect(journal(directory)).toContain('"A-2"');
      await new Promise(setImmediate);
      order.push('flushed');
      await proceed(fd);
    });
    await ledger.commit(addition('A-2')).then(() => order.push('told'));
    expect(order).toEqual(['flushed', 'told']);
  });

  it('that comes during a flush joins the others that do, in one line', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    await ledger.commit(addition('A-0'));
    const written = faulty.count('write');
    const late: Promise<unknown>[] = [];
    faulty.next('sync', async (proceed, fd) => {
      for (const id of ['A-2', 'A-3', 'A-4']) late.push(ledger.commit(addition(id)));
      await proceed(fd);
    });
    await ledger.commit(addition('A-1'));
    expect(await Promise.all(late)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(faulty.count('write') - written).toBe(2);
  });

  it('is decided by its place in the file, not by the view it was built from', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const [a, b] = [await open(directory, { files: faulty.files }), await open(directory)];
    await a.commit(addition('A-1'));
    const before = item(a, 'A-1');
    const line = await capture(directory, step(before, 'deploy'));
    faulty.next('write', (proceed, fd, bytes) => {
      proceed(fd, line); // another process's line lands between our check and our write
      return proceed(fd, bytes);
    });
    expect(await a.commit(step(before, 'merge'))).toMatchObject({ ok: false, actual: { stage: 'deploy', rev: 2 } });
    for (const ledger of [a, b]) {
      await ledger.refresh();
      expect(item(ledger, 'A-1')).toMatchObject({ stage: 'deploy', rev: 2 });
      expect(await ledger.verify()).toEqual([]);
    }
  });

  it('reads the end of the file and writes without waiting in between', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    await ledger.commit(addition('A-1'));
    let turn = 0;
    const seen: Record<string, number> = {};
    faulty.every('stat', (proceed, fd) => {
      seen['stat'] ??= turn;
      seen['lastStat'] = turn;
      return proceed(fd);
    });
    faulty.next('write', (proceed, fd, bytes) => {
      seen['write'] = turn;
      seen['statBeforeWrite'] = seen['lastStat'] ?? -1;
      return proceed(fd, bytes);
    });
    const ticking = (async () => {
      for (; turn < 50; turn++) await Promise.resolve();
    })();
    await ledger.commit(addition('A-2'));
    await ticking;
    expect(seen['statBeforeWrite']).toBe(seen['write']);
  });
});

describe('groups of several writers', () => {
  it('with losers among them are not damage to anybody', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const [a, b] = [await open(directory, { files: faulty.files }), await open(directory)];
    await a.commit(addition('A-1'));
    await b.refresh();
    const before = item(b, 'A-1');
    const line = await capture(directory, step(before, 'deploy'));
    faulty.next('write', (proceed, fd, bytes) => {
      proceed(fd, line);
      return proceed(fd, bytes);
    });
    const group = [a.commit(step(before, 'merge')), a.commit(addition('A-2')), a.commit(addition('A-3'))];
    expect(await Promise.all(group)).toMatchObject([{ ok: false }, { ok: true }, { ok: true }]);
    const third = await open(directory);
    expect(third.health).toEqual({ mode: 'open' });
    expect(third.read.items().map(({ id }) => id)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(await third.verify()).toEqual([]);
  });

  it('in turn lose nothing and win nothing twice', async () => {
    const directory = makeFolder();
    const ledgers = [await open(directory), await open(directory), await open(directory)];
    await ledgers[0]?.commit(addition('A-1'));
    let wins = 0;
    await Promise.all(
      ledgers.map(async (ledger) => {
        for (let round = 0; round < 30; round++) {
          await ledger.refresh();
          if ((await ledger.commit(step(item(ledger, 'A-1'), 'testing'))).ok) wins++;
        }
      }),
    );
    const last = await open(directory);
    expect(item(last, 'A-1').rev).toBe(1 + wins);
    expect(wins).toBeGreaterThanOrEqual(30);
    expect(await last.verify()).toEqual([]);
  });
});

describe('what no caller may ask', () => {
  const refused = (transaction: Partial<Transaction>) => async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    await ledger.commit(addition('A-1'));
    const before = journal(directory);
    await expect(ledger.commit({ actor: 'a', event: 'e', pre: [], ...transaction })).rejects.toBeInstanceOf(TypeError);
    expect(journal(directory)).toBe(before);
    expect(ledger.health).toEqual({ mode: 'open' });
  };
  const row = itemRow('A-1', { rev: 2 });

  it('a write without any precondition', refused({ put: [['items', row]] }));
  it(
    'a stage write without the expected stage',
    refused({ pre: [['items', 'A-1', { rev: 1 }]], put: [['items', row]] }),
  );
  it(
    'a stage write without the expected revision',
    refused({ pre: [['items', 'A-1', { stage: 'testing' }]], put: [['items', row]] }),
  );
  it(
    'a stage write that expects something of another item',
    refused({ pre: [['items', 'A-2', null]], put: [['items', row]] }),
  );
  it(
    'a lease taken without expecting a token or none',
    refused({ pre: [['items', 'A-1', {}]], put: [['leases', leaseRow('A-1')]] }),
  );
  it('a lease ended without its token', refused({ pre: [['leases', 'A-1', { pid: 1 }]], del: [['leases', 'A-1']] }));
  it('a column that does not exist', refused({ pre: [['switches', 'x', { colour: 1 } as object]] }));
  it(
    'a fraction',
    refused({ pre: [['items', 'A-9', null]], put: [['transitions', { ...transitionRow(row, ''), at: 1.5 }]] }),
  );
});

it('keeps hostile text the same in journal and view', async () => {
  const directory = makeFolder();
  const ledger = await open(directory);
  await ledger.commit(addition('A-1', { title: 'nul \0 lone \ud800 pair \u{1f600} line\nend\r\u2028' }));
  const { title } = item(ledger, 'A-1');
  expect(title).toBe('nul \ufffd lone \ufffd pair \u{1f600} line\nend\r\u2028');
  expect(await ledger.commit(step(item(ledger, 'A-1'), 'merge'))).toMatchObject({ ok: true });
  expect(await ledger.verify()).toEqual([]);
});

/** The bytes that a process would append for this transaction, taken from a copy of the journal. */
async function capture(directory: string, transaction: Transaction): Promise<Uint8Array> {
  const faulty = new FaultyFiles();
  const ledger = await open(directory, { files: faulty.files });
  let line: Uint8Array | undefined;
  faulty.next('write', (_proceed, _fd, bytes) => {
    line = Uint8Array.from(bytes);
    throw Object.assign(new Error('kept back'), { code: 'ENOSPC' });
  });
  await expect(ledger.commit(transaction)).rejects.toMatchObject({ code: 'disk-full' });
  await ledger.close();
  if (!line) throw new Error('nothing was written');
  return line;
}

describe('while the disk is at work', () => {
  const opened = async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    await ledger.commit(addition('A-1'));
    return { ledger, faulty };
  };

  it('a commit may be seen, but is not answered', async () => {
    const { ledger, faulty } = await opened();
    let answered = false;
    let meanwhile: unknown;
    faulty.next('sync', async (proceed, fd) => {
      await new Promise(setImmediate);
      meanwhile = { seen: ledger.read.item('A-2') !== undefined, answered };
      await proceed(fd);
    });
    await ledger.commit(addition('A-2')).then(() => (answered = true));
    expect(meanwhile).toEqual({ seen: true, answered: false });
  });

  it('a read that fails decides nothing: it is read again after the flush', async () => {
    const { ledger, faulty } = await opened();
    faulty.next('sync', (proceed, fd) => {
      faulty.next('read', failWith('EIO'));
      return proceed(fd);
    });
    expect(await ledger.commit(addition('A-2'))).toMatchObject({ ok: true });
    expect(item(ledger, 'A-2').id).toBe('A-2');
    expect(ledger.health).toEqual({ mode: 'open' });
  });
});

describe('a line that is not on disk as it was written', () => {
  it('is not taken for the own one', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const ledger = await open(directory, { files: faulty.files });
    await ledger.commit(addition('A-1'));
    faulty.next('write', (proceed, fd, bytes) => {
      const written = proceed(fd, bytes);
      const path = join(directory, '000001.jsonl');
      const other = openSync(path, 'r+');
      writeSync(other, '?', statSync(path).size - 10);
      closeSync(other);
      return written;
    });
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    expect(ledger.read.item('A-2')).toBeUndefined();
  });
});
