import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Crew } from './crew';
import { extent } from './extent';

const ROUNDS = extent(250, 10);
/** The journal is read from its start in each round: a fresh one now and then keeps a long campaign linear. */
const ROUNDS_A_LEDGER = 25;

let crew: Crew;
beforeEach(async () => {
  crew = await Crew.make({ segmentBytes: 200_000 });
  await crew.addItems(3);
});
afterEach(() => crew.end());

const ledgers = Array.from({ length: Math.ceil(ROUNDS / ROUNDS_A_LEDGER) }, (_, n) => ({
  from: n * ROUNDS_A_LEDGER + 1,
  to: Math.min(ROUNDS, (n + 1) * ROUNDS_A_LEDGER),
}));

it.each(ledgers)(
  'three writers killed at any moment lose nothing that they were told, rounds $from to $to',
  async ({ from, to }) => {
    for (let round = from; round <= to; round++) {
      const writers = await crew.started(3, { kind: 'steps', rounds: null });
      await Promise.all(
        writers.map(async (writer) => {
          await sleep(5 + Math.random() * 80);
          await writer.kill();
        }),
      );
      await crew.expectKept();
    }
    const steps = await crew.expectKept();
    const told = crew.acks().length;
    expect(told).toBeGreaterThan(0);
    // A commit that nobody was told of is kept whole or not at all; each death leaves one such commit at most.
    expect(steps - told).toBeLessThanOrEqual(3 * (to - from + 1));
  },
);
