import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Put, Transaction } from '../../../extension/ledger/ledger';
import { makeFolder, open } from './sample';
import { addition } from './sample-rows';

const by = (actor: string, event: string, put: Put, more: Partial<Transaction> = {}): Transaction => ({
  actor,
  event,
  pre: [['items', 'A-1', { condition: 'ready' }]],
  put: [put],
  ...more,
});
const reservation = {
  id: 'docs/adr-*.md#7',
  series: 'docs/adr-*.md',
  number: 7,
  item: 'A-1',
  actor: 'person:ann',
  at: 1,
};
const waiver = {
  ...{ id: 'A-1/aa/größe.md', item: 'A-1', kind: 'DROPPED', path: Buffer.from('größe.md').toString('latin1') },
  ...{ line_hash: 'a'.repeat(64), reason: 'meant', actor: 'person:ann', at: 1 },
};
const landing = {
  ...{ id: 'A-1/m-1', item: 'A-1', base: 'main', commit_id: 'c'.repeat(40), tree: 'd'.repeat(40), tip: 'e'.repeat(40) },
  ...{ tested: 'batch', run: 'm-1', at: 1 },
};
const frozen = { base: 'main', state: 'frozen', reason: 'main was rewound', actor: 'person:ann', at: 1 };

test('who did what, when, why and with which evidence; a transaction that lost its race is none of it', async () => {
  const folder = makeFolder();
  let now = 1000;
  const ledger = await open(folder, { clock: { now: () => (now += 1) } });
  await ledger.commit(addition('A-1'));
  await ledger.commit(addition('A-2'));
  await ledger.commit(by('person:ann', 'waive', ['waivers', waiver]));
  await ledger.commit(by('agent:scribe', 'reserve', ['reservations', reservation]));
  await ledger.commit(by('person:eve', 'waive', ['waivers', waiver], { pre: [['waivers', waiver.id, null]] }));
  await ledger.commit(by('person:ann', 'pass', ['landings', landing], { del: [['reservations', reservation.id]] }));
  await ledger.commit(by('person:ann', 'fail', ['queues', frozen]));
  await ledger.commit(by('person:bob', 'unfreeze', ['queues', { ...frozen, state: 'open', reason: 'looked' }]));
  // The view has forgotten most of it; a replay has not.
  expect(ledger.read.reservations()).toEqual([]);
  const acts = await ledger.acts();
  expect(acts.map(({ act, actor, item, base, run }) => [act, actor, item, base, run])).toEqual([
    ['waived', 'person:ann', 'A-1', null, null],
    ['number-reserved', 'agent:scribe', 'A-1', null, null],
    ['landed', 'person:ann', 'A-1', 'main', 'm-1'],
    ['number-freed', 'person:ann', 'A-1', null, null],
    ['queue-frozen', 'person:ann', null, 'main', null],
    ['queue-unfrozen', 'person:bob', null, 'main', null],
  ]);
  expect(acts.map(({ at }) => at)).toEqual([...acts.map(({ at }) => at)].sort((a, b) => a - b));
  expect(acts.map(({ reason, evidence }) => [reason, evidence])).toEqual([
    ['meant', 'DROPPED größe.md aaaaaaaaaaaa'],
    ['', 'docs/adr-*.md#7'],
    ['tested: batch', `commit ${'c'.repeat(40)}, tree ${'d'.repeat(40)}, tested commit ${'e'.repeat(40)}`],
    ['landed', 'docs/adr-*.md#7'],
    ['main was rewound', ''],
    ['looked', ''],
  ]);
  expect((await ledger.acts('A-1')).map(({ act }) => act)).toEqual([
    'waived',
    'number-reserved',
    'landed',
    'number-freed',
  ]);
  expect(await ledger.acts('A-2')).toEqual([]);
});

test('damage that nobody knew of is an error, never a shorter list; of a ledger known to be damaged it is what can be read', async () => {
  const folder = makeFolder();
  const ledger = await open(folder);
  await ledger.commit(addition('A-1'));
  await ledger.commit(by('person:ann', 'waive', ['waivers', waiver]));
  await ledger.commit(by('person:ann', 'reserve', ['reservations', reservation]));
  // What comes later attests what stood before it.
  await ledger.commit(addition('A-2'));
  await ledger.commit(addition('A-3'));
  const file = join(folder, '000001.jsonl');
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('"series"')] = 0x23;
  writeFileSync(file, bytes);
  expect(ledger.health).toEqual({ mode: 'open' });
  await expect(ledger.acts()).rejects.toMatchObject({ code: 'damaged' });
  const known = await open(folder);
  expect(known.health).toMatchObject({ code: 'damaged' });
  expect((await known.acts()).map(({ act }) => act)).toEqual(['waived']);
});
