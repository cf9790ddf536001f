import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLedger } from '../../../extension/ledger/open-ledger';
import type { ItemRow } from '../../../extension/ledger/rows';
import { sqlJs } from '../../unit/ledger/sample';
import { addition, itemRow, step } from '../../unit/ledger/sample-rows';
import { Crew } from './crew';
import { extent } from './extent';

let crew: Crew;
beforeEach(async () => {
  crew = await Crew.make({ watch: false, segmentBytes: 20_000 });
});
afterEach(() => crew.end());

it('a process that has not read for long is told where each item stands now', async () => {
  await crew.addItems(20);
  const [sleeper] = await crew.ready(1, { kind: 'stale' });
  const moved = await crew.withLedger(async (ledger) => {
    for (let round = 0; round < 5; round++) {
      for (const item of ledger.read.items().slice(0, 15))
        await ledger.commit(step(item, round < 4 ? 'merge' : 'deploy'));
    }
    return ledger.read.items().slice(0, 15);
  });
  sleeper?.start();
  expect(await sleeper?.result()).toBe(5);
  expect(crew.acks()).toEqual(moved.map(({ id }) => `${id} deploy 6`));
});

const STAGES = ['development', 'testing', 'merge'] as const;
const action = fc.record({
  window: fc.nat(2),
  item: fc.constantFrom('A-1', 'A-2'),
  does: fc.oneof(
    { weight: 1, arbitrary: fc.constant('read' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...STAGES) },
  ),
});

it('windows that read and write in any order: whoever looked last wins, all others are told the actual stage', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
      rmSync(crew.directory, { recursive: true, force: true });
      const options = { directory: crew.directory, sqlJs, watch: false, segmentBytes: 4000 };
      const windows = await Promise.all([0, 1, 2].map(() => openLedger(options)));
      try {
        const actual = new Map<string, ItemRow>();
        for (const id of ['A-1', 'A-2']) {
          await windows[0]?.commit(addition(id));
          actual.set(id, itemRow(id));
        }
        const seen = windows.map(() => new Map(actual));
        for (const { window, item, does } of actions) {
          const ledger = windows[window];
          const known = seen[window]?.get(item);
          if (!ledger || !known) throw new Error('no such window');
          if (does === 'read') {
            await ledger.refresh();
            expect(ledger.read.item(item)).toEqual(actual.get(item));
            seen[window]?.set(item, ledger.read.item(item) ?? known);
            continue;
          }
          const outcome = await ledger.commit(step(known, does));
          const now = actual.get(item);
          if (known.rev === now?.rev) {
            expect(outcome).toMatchObject({ ok: true });
            const next = { ...known, stage: does, rev: known.rev + 1 };
            actual.set(item, next);
            seen[window]?.set(item, next);
          } else {
            expect(outcome).toMatchObject({ ok: false, table: 'items', key: item });
            if (!outcome.ok) expect(outcome.actual).toEqual(now);
          }
        }
        expect(await windows[2]?.verify()).toEqual([]);
      } finally {
        await Promise.all(windows.map((ledger) => ledger.close()));
      }
    }),
    { numRuns: extent(150, 8) },
  );
});
