import { describe, expect, it } from 'vitest';
import type { Put, Transaction } from '../../../extension/ledger/ledger';
import { nodeFiles } from '../../../extension/ledger/files';
import { Replica } from '../../../extension/ledger/replica';
import { verifyLedger } from '../../../extension/ledger/verify';
import { FaultyFiles } from './faulty-files';
import { makeFolder, open, sqlJs } from './sample';
import { addition, itemRow, leaseRow, step, transitionRow } from './sample-rows';

async function findingsAfter(...transactions: Transaction[]) {
  const ledger = await open(makeFolder());
  for (const transaction of transactions) expect(await ledger.commit(transaction)).toMatchObject({ ok: true });
  return ledger.verify();
}
const always = { actor: 'a', event: 'e', pre: [['switches', 'x', null]] } satisfies Transaction;

/** An item that the gate is said to have landed, though no run of it is there. */
function landed(...runs: string[]): Transaction {
  const facts = { item: 'A-1', base: 'main', commit_id: 'c', tree: 't', tip: 'c', tested: 'alone' };
  const rows = runs.map((run, at): Put => ['landings', { ...facts, id: `A-1/${run}`, run, at }]);
  return { ...addition('A-1'), put: [...(addition('A-1').put ?? []), ...rows] };
}

describe('verify', () => {
  it('finds nothing in an empty ledger, nor in one of sound work', async () => {
    expect(await findingsAfter()).toEqual([]);
    expect(
      await findingsAfter(
        addition('A-1'),
        addition('A-2', { condition: 'deferred', next_at: 5 }),
        step(itemRow('A-1'), 'merge'),
      ),
    ).toEqual([]);
  });

  it.each<[string, string, Transaction]>([
    ['history-count', 'items A-1', { ...addition('A-1'), put: [['items', itemRow('A-1')]] }],
    [
      'history-count',
      'items A-1',
      {
        ...addition('A-1'),
        put: [
          ['items', itemRow('A-1')],
          ['transitions', transitionRow(itemRow('A-1'), '')],
          ['transitions', { ...transitionRow(itemRow('A-1', { rev: 2 }), ''), rev: 1 }],
        ],
      },
    ],
    [
      'history-order',
      'transitions A-1#7',
      {
        ...addition('A-1'),
        put: [
          ['items', itemRow('A-1')],
          ['transitions', transitionRow(itemRow('A-1', { rev: 7 }), '')],
        ],
      },
    ],
    [
      'stage-differs',
      'items A-1',
      {
        ...addition('A-1'),
        put: [
          ['items', itemRow('A-1', { stage: 'deploy' })],
          ['transitions', transitionRow(itemRow('A-1'), '')],
        ],
      },
    ],
    ['no-reason', 'items A-1', addition('A-1', { reason: '' })],
    ['no-reason', 'items A-1', addition('A-1', { turn: '' })],
    ['no-reason', 'items A-1', addition('A-1', { next_action: '' })],
    ['no-time', 'items A-1', addition('A-1', { condition: 'deferred' })],
    ['orphan', 'leases of A-9', { ...always, pre: [['leases', 'A-9', null]], put: [['leases', leaseRow('A-9')]] }],
    ['landing-without-run', 'landings A-1/m-1', landed('m-1')],
    ['landed-twice', 'landings of A-1', landed('m-1', 'm-2')],
    [
      'orphan',
      'holds of A-9',
      { ...always, put: [['holds', { item: 'A-9', code: '', reason: '', remedy: '', actor: '', run: null, at: 1 }]] },
    ],
  ])('finds %s at %s', async (code, where, transaction) => {
    expect(await findingsAfter(transaction)).toContainEqual(expect.objectContaining({ code, where }));
  });

  it('asks nothing of an item that is done', async () => {
    expect(await findingsAfter(addition('A-1', { condition: 'done', turn: '', next_action: '', reason: '' }))).toEqual(
      [],
    );
  });

  it('names the rows in which the view in use is not what the journal gives', async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    for (const id of ['A-1', 'A-2', 'A-3']) await ledger.commit(addition(id));
    const options = { directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' as const };
    const live = await Replica.open(options);
    expect(await verifyLedger(options, () => live)).toEqual([]);
    live.view.all("UPDATE items SET title = 'forged' WHERE id = 'A-1'");
    live.view.all("DELETE FROM items WHERE id = 'A-2'");
    live.view.all("INSERT INTO holds VALUES ('A-3', '', '', '', '', NULL, 1)");
    const findings = await verifyLedger(options, () => live);
    live.close();
    expect(findings.map(({ code, where }) => `${code} ${where}`).sort()).toEqual([
      'view-differs holds A-3',
      'view-differs items A-1',
      'view-differs items A-2',
    ]);
  });

  it('reads the journal afresh: what happened to it since it was read is found', async () => {
    const directory = makeFolder();
    const faulty = new FaultyFiles();
    const ledger = await open(directory, { files: faulty.files });
    for (const id of ['A-1', 'A-2']) await ledger.commit(addition(id));
    faulty.every('read', (proceed, fd, into, position) => {
      const length = proceed(fd, into, position);
      const at = Buffer.from(into.buffer, into.byteOffset, length).indexOf('Title of A-2');
      if (at >= 0) into[at] = 0x23;
      return length;
    });
    expect(await ledger.verify()).toContainEqual(expect.objectContaining({ code: 'damaged' }));
    expect(ledger.health).toEqual({ mode: 'open' });
  });

  it('says when it could not compare, instead of nothing', async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    await ledger.commit(addition('A-1'));
    const options = { directory, files: nodeFiles, sqlJs: await sqlJs(), mode: 'read' as const };
    const faulty = new FaultyFiles();
    const live = await Replica.open({ ...options, files: faulty.files });
    faulty.every('stat', () => ({ size: live.position.byte, links: 1 })); // it never sees that the file has grown
    await ledger.commit(addition('A-2'));
    expect(await verifyLedger(options, () => live)).toMatchObject([{ code: 'not-compared' }]);
    live.close();
  });
});
