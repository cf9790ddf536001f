import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger, Put, Transaction } from '../../../extension/ledger/ledger';
import { FaultyFiles } from '../../unit/ledger/faulty-files';
import { makeFolder, open, sqlJsFolder } from '../../unit/ledger/sample';
import { addition, itemRow, step } from '../../unit/ledger/sample-rows';
import { atEveryClose, snapshotsIn } from '../../unit/ledger/sample-snapshots';
import { OtherVersion, type VersionName } from './other-version';

let folder: string;
let versions: Record<VersionName, OtherVersion>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-versions-'));
  const make = (name: VersionName) => OtherVersion.build(folder, name);
  versions = { older: await make('older'), newer: await make('newer'), 'newer-format': await make('newer-format') };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let directory: string;
beforeEach(() => (directory = makeFolder()));

const run = (name: VersionName, transactions: Transaction[] = [], options = {}) =>
  // With the older tables it is still the present program, which asks them for what they do not have.
  versions[name].run({ directory, sqlJs: sqlJsFolder, transactions, options, verify: name !== 'older' });
const journal = () => readFileSync(join(directory, '000001.jsonl'));
const ids = (ledger: Ledger) => ledger.read.items().map(({ id }) => id);

const merge = step(itemRow('A-1'), 'merge');
const withTable = ['strangers', { id: 'w-1', item: 'A-1' }] as unknown as Put;
/** Each moves A-1 to merge, with one thing that the older version does not know. */
const NEWS: [what: string, version: VersionName, transaction: Transaction][] = [
  ['a table', 'newer', { ...merge, put: [...(merge.put ?? []), withTable] }],
  [
    'a column',
    'newer',
    {
      ...merge,
      put:
        merge.put?.map(([table, row]) => [table, { ...row, ...(table === 'items' ? { colour: 'red' } : {}) }] as Put) ??
        [],
    },
  ],
  ['a higher format of the line', 'newer-format', merge],
];

describe.each(NEWS)('a window next to a newer one that writes %s', (_what, version, news) => {
  it('becomes read-only, says what helps, and neither applies a part nor writes', async () => {
    const ledger = await open(directory, { snapshots: atEveryClose });
    await ledger.commit(addition('A-1'));
    expect(run(version, [news])).toMatchObject({ outcomes: ['ok'], findings: [] });
    const before = journal();

    await expect(ledger.commit(step(itemRow('A-1'), 'deploy'))).rejects.toMatchObject({
      code: 'newer-format',
      remedy: expect.stringContaining('reload the window'),
    });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'newer-format' });
    expect(ledger.read.items()).toEqual([itemRow('A-1')]);
    expect(await ledger.verify()).toContainEqual(expect.objectContaining({ code: 'newer-format' }));
    await ledger.close();
    expect(journal()).toEqual(before);
    expect(snapshotsIn(directory)).toEqual([]);

    const again = await open(directory, { snapshots: atEveryClose });
    expect(again.health).toMatchObject({ mode: 'read-only', code: 'newer-format' });
    expect(again.read.items()).toEqual([itemRow('A-1')]);
    await again.close();
    expect(journal()).toEqual(before);

    const after = run(version, [addition('A-3')]);
    expect(after).toMatchObject({ opened: { mode: 'open' }, outcomes: ['ok'], findings: [] });
    expect(after.items.find(({ id }) => id === 'A-1')).toMatchObject({ stage: 'merge', rev: 2 });
  });

  it('tells a commit under way that it cannot know, and the newer one decides about it', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(directory, { files: faulty.files, snapshots: atEveryClose });
    await ledger.commit(addition('A-1'));
    // The newer one is quicker, after this one has read the journal's end.
    faulty.next('write', (proceed, fd, bytes) => {
      expect(run(version, [news]).outcomes).toEqual(['ok']);
      return proceed(fd, bytes);
    });
    const [first, second] = await Promise.allSettled([
      ledger.commit(step(itemRow('A-1'), 'deploy')),
      ledger.commit(addition('A-9')),
    ]);
    for (const outcome of [first, second]) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'newer-format', detail: expect.stringContaining('not known') },
      });
    }
    expect(ids(ledger)).toEqual(['A-1']);
    await ledger.close();
    expect(snapshotsIn(directory)).toEqual([]);
    const { items, findings } = run(version);
    expect(findings).toEqual([]);
    expect(items.map(({ id, stage }) => `${id} ${stage}`)).toEqual(
      expect.arrayContaining(['A-1 merge', 'A-9 testing']),
    );
  });
});

describe('a newer window', () => {
  it.each<VersionName>(['newer', 'newer-format'])(
    'goes on in a ledger of this version, with its snapshots: %s',
    async (version) => {
      const ledger = await open(directory, { snapshots: atEveryClose });
      for (const id of ['A-1', 'A-2']) await ledger.commit(addition(id));
      await ledger.close();
      expect(snapshotsIn(directory)).toHaveLength(2);
      const { opened, outcomes, items, findings } = run(version, [step(itemRow('A-1'), 'merge')], {
        snapshots: atEveryClose,
      });
      expect({ opened, outcomes, findings }).toEqual({ opened: { mode: 'open' }, outcomes: ['ok'], findings: [] });
      expect(items).toMatchObject([
        { id: 'A-1', stage: 'merge', rev: 2 },
        { id: 'A-2', stage: 'testing', rev: 1 },
      ]);
    },
  );

  it('and this one share a ledger as long as nothing new is written, each with snapshots of its own', async () => {
    const ledger = await open(directory, { snapshots: { groups: 1, groupsAtClose: 1, idleMs: 1 } });
    await ledger.commit(addition('A-1'));
    expect(run('newer', [addition('A-2')], { snapshots: atEveryClose }).outcomes).toEqual(['ok']);
    expect(await ledger.commit(addition('A-3'))).toMatchObject({ ok: true });
    await ledger.close();
    expect(run('newer').findings).toEqual([]);
    const next = await open(directory);
    expect(ids(next)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(await next.verify()).toEqual([]);
  });
});

describe('an older window', () => {
  it('works with this one until the first history leaves the view, and stops there', async () => {
    expect(run('older', [addition('A-1'), addition('A-2')], { snapshots: atEveryClose }).outcomes).toEqual([
      'ok',
      'ok',
    ]);
    const closed = { ...itemRow('A-1'), condition: 'done', turn: 'nobody', next_action: '' };
    const ledger = await open(directory, { histories: 1, snapshots: atEveryClose });
    await ledger.commit(step(closed, 'done'));
    expect(run('older', [addition('A-3')])).toMatchObject({ opened: { mode: 'open' }, outcomes: ['ok'] });
    await ledger.close();
    const before = journal();
    const stopped = run('older', [addition('A-4')], { snapshots: atEveryClose });
    expect(stopped).toMatchObject({
      opened: { mode: 'read-only', code: 'newer-format', remedy: expect.stringContaining('reload the window') },
      outcomes: ['newer-format'],
    });
    expect(stopped.items.map(({ id }) => id)).toEqual(['A-1', 'A-2', 'A-3']);
    expect(journal()).toEqual(before);
    const next = await open(directory);
    expect(await next.verify()).toEqual([]);
    expect(await next.history('A-1')).toHaveLength(2);
  });
});
