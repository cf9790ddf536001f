import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { describe, expect, it } from 'vitest';
import { encodeLine, FIRST_HASH, type Group } from '../../../extension/ledger/line-format';
import { nodeFiles } from '../../../extension/ledger/files';
import type { Ledger } from '../../../extension/ledger/ledger';
import { Replica } from '../../../extension/ledger/replica';
import { makeFolder, open, sqlJs } from './sample';
import { makeJournal, setSwitch } from './small-journal';

describe('damage', () => {
  const expectDamaged = async (directory: string, where: string): Promise<Ledger> => {
    const ledger = await open(directory);
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged', reason: expect.stringContaining(where) });
    await expect(ledger.commit(setSwitch('z'))).rejects.toMatchObject({ code: 'damaged' });
    expect(await ledger.verify()).toContainEqual(
      expect.objectContaining({ code: 'damaged', where: expect.stringContaining(where) }),
    );
    return ledger;
  };

  it('leaves what stands before it to be read, and the file as it is', async () => {
    const { directory, file, bytes } = await makeJournal();
    const copy = Buffer.from(bytes);
    copy[bytes.indexOf('"name":"b"')] = 0x23;
    writeFileSync(file, copy);
    const ledger = await expectDamaged(directory, '000001.jsonl at byte');
    expect(ledger.read.switches().map(({ name }) => name)).toEqual(['a']);
    await ledger.close();
    expect(readFileSync(file)).toEqual(copy);
  });

  it('is an empty segment', async () => {
    const { directory, file } = await makeJournal();
    writeFileSync(file, '');
    await expectDamaged(directory, '000001.jsonl');
  });

  it('is a segment that begins with something else', async () => {
    const { directory, file } = await makeJournal();
    writeFileSync(file, 'not a journal\n');
    await expectDamaged(directory, '000001.jsonl');
  });

  it('is a missing first segment', async () => {
    const { directory, file } = await makeJournal();
    copyFileSync(file, join(directory, '000002.jsonl'));
    rmSync(file);
    await expectDamaged(directory, '000001.jsonl');
  });

  it('is a next segment without a seal before it', async () => {
    const { directory, file } = await makeJournal();
    copyFileSync(file, join(directory, '000002.jsonl'));
    await expectDamaged(directory, '000001.jsonl');
  });

  it('is a snapshot without the journal that it was made from', async () => {
    const { directory, file } = await makeJournal();
    rmSync(file);
    writeFileSync(join(directory, 'snap-5000.json'), '{}');
    await expectDamaged(directory, '000001.jsonl');
  });

  it('is met while the ledger is open, too: nothing is written any more', async () => {
    const { directory, file, bytes } = await makeJournal();
    const ledger = await open(directory);
    appendFileSync(file, encodeLine({ v: 1, a: [bytes.indexOf('\n', 1) + 1, 'f'.repeat(32)], tx: [] }));
    await expect(ledger.commit(setSwitch('z'))).rejects.toMatchObject({ code: 'damaged' });
    expect(ledger.read.switches()).toHaveLength(3);
    expect(readFileSync(file, 'utf8')).not.toContain('"z"');
  });
});

describe('an attestation', () => {
  it.each([
    ['of a byte where no line ends', [5, FIRST_HASH]],
    ['of another hash', [0, 'f'.repeat(32)]],
    ['of the future', [1e9, FIRST_HASH]],
  ])('%s is damage', async (_name, a) => {
    const { directory, file } = await makeJournal();
    appendFileSync(file, encodeLine({ v: 1, a: a as [number, string], tx: [] }));
    expect((await open(directory)).health).toMatchObject({ code: 'damaged' });
  });
});

describe('a newer version of the program', () => {
  const line = (tx: Partial<Group['tx'][number]>, rest: object = {}) =>
    encodeLine({
      v: 1,
      a: [0, FIRST_HASH],
      tx: [
        {
          x: 'x1',
          at: 1,
          by: 'a',
          e: 'e',
          pre: [],
          put: [['switches', { name: 'x', state: 'on', actor: 'a', reason: '', at: 1 }]],
          del: [],
        },
        { x: 'x2', at: 1, by: 'a', e: 'e', pre: [], put: [], del: [], ...tx },
      ],
      ...rest,
    });

  it.each<[string, Buffer]>([
    ['another format', line({}, { v: 2 })],
    ['a key in the line', line({}, { compressed: 1 })],
    ['a table', line({ put: [['strangers', { id: 'w' }]] })],
    ['a column', line({ put: [['switches', { name: 'y', state: 'on', actor: 'a', reason: '', at: 1, until: 5 }]] })],
    ['a column in a precondition', line({ pre: [['switches', 'a', { until: 5 }]] })],
  ])('stops the reading before the whole line: %s', async (_name, bytes) => {
    const { directory, file } = await makeJournal();
    appendFileSync(file, bytes);
    const ledger = await open(directory);
    expect(ledger.health).toMatchObject({
      mode: 'read-only',
      code: 'newer-format',
      remedy: expect.stringContaining('reload the window'),
    });
    expect(ledger.read.switches().map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const size = readFileSync(file).length;
    await expect(ledger.commit(setSwitch('z'))).rejects.toMatchObject({ code: 'newer-format' });
    await ledger.close();
    expect(readFileSync(file).length).toBe(size);
  });

  it('that comes while the ledger is open makes it read-only, loudly', async () => {
    const { directory, file } = await makeJournal();
    const ledger = await open(directory);
    const healths: string[] = [];
    ledger.onChange(({ health }) => healths.push(health.mode));
    appendFileSync(file, line({}, { v: 2 }));
    await ledger.refresh();
    await new Promise(setImmediate);
    expect(healths).toEqual(['read-only']);
  });
});

describe('a failed open', () => {
  it('closes its database: sql.js has no more than 4,096 of them', async () => {
    const sql = await sqlJs();
    const open = new Set<object>();
    class Counted extends sql.Database {
      constructor(...parameters: ConstructorParameters<typeof sql.Database>) {
        super(...parameters);
        open.add(this);
      }
      override close(): void {
        open.delete(this);
        super.close();
      }
    }
    const counting: SqlJsStatic = { Database: Counted, Statement: sql.Statement };
    const { directory } = await makeJournal();
    const files = {
      ...nodeFiles,
      read: () => {
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
      },
    };
    await expect(Replica.open({ directory, files, sqlJs: counting, mode: 'read' })).rejects.toThrow('EIO');
    expect(open.size).toBe(0);
  });

  it('in the middle of making the tables closes it too', async () => {
    const sql = await sqlJs();
    let closed = 0;
    class Broken extends sql.Database {
      override exec(): never {
        throw new Error('no memory');
      }
      override close(): void {
        closed++;
        super.close();
      }
    }
    const options = {
      directory: makeFolder(),
      files: nodeFiles,
      sqlJs: { Database: Broken, Statement: sql.Statement },
      mode: 'read' as const,
    };
    await expect(Replica.open(options)).rejects.toThrow('no memory');
    expect(closed).toBe(1);
  });
});
