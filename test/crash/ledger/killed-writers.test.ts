import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Crew } from './crew';
import { extent } from './extent';

const ROUNDS = extent(250, 10);
/** The journal is read from its start in each round: a fresh one now and then keeps a long campaign linear. */
const ROUNDS_A_LEDGER = 25;

/** All are dead when so many commits of a round were answered. */
const MOST_ACKS = 60;

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
      const writers = await crew.ready(3, { kind: 'steps', rounds: null });
      // By what was answered and not by the clock alone: so they die in the middle of their work on a busy machine, too.
      const moments = writers.map(() => crew.moreAcks(Math.floor(Math.random() * MOST_ACKS)));
      for (const writer of writers) writer.start();
      await Promise.all(
        writers.map(async (writer, n) => {
          await moments[n];
          await sleep(Math.random() * 10);
          await writer.kill();
        }),
      );
      await crew.expectKept();
    }
    const steps = await crew.expectKept();
    const told = crew.acks().length;
    expect(told).toBeGreaterThan(0);
    console.info(`${told} told and kept, ${steps - told} kept that nobody was told of`);
    // A commit that nobody was told of is kept whole or not at all; each death leaves one such commit at most.
    expect(steps - told).toBeLessThanOrEqual(3 * (to - from + 1));
  },
);
