import { expect, it } from 'vitest';
import type { AlertRow } from '../../../extension/ledger/rows';
import { seeAlerts } from '../../../extension/pipeline/see-alerts';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';

const alert = (id: string): AlertRow => ({
  id,
  item: 'A-1',
  code: 'survivors',
  text: 'process 7 lives',
  at: 1000,
  acknowledged_at: null,
});

it('an alert is marked as seen once, by whoever was first, and is shown no more', async () => {
  const directory = makeFolder();
  const [mine, theirs] = [await open(directory), await open(directory)];
  await mine.commit(addition('A-1'));
  for (const id of ['A-1#1', 'A-1#2'])
    await mine.commit({ actor: 'timer', event: 'hold', pre: [['alerts', id, null]], put: [['alerts', alert(id)]] });
  await theirs.refresh();
  const shown = theirs.read.alerts();
  expect(shown).toHaveLength(2);

  const clock = { now: () => 5000 };
  const first = await seeAlerts({ ledger: mine, clock }, [alert('A-1#1')], 'person:ann');
  const second = await seeAlerts({ ledger: theirs, clock }, shown, 'person:bob');
  expect(first.map(({ id }) => id)).toEqual(['A-1#1']);
  expect(second.map(({ id }) => id)).toEqual(['A-1#2']);
  await mine.refresh();
  expect(mine.read.alerts()).toEqual([]);
  expect(await mine.verify()).toEqual([]);
});
