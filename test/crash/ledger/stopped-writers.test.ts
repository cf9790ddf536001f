import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Crew } from './crew';
import { extent } from './extent';

const ATTEMPTS = extent(2500, 150);
const WRITERS = 3;

let crew: Crew;
beforeEach(async () => {
  crew = await Crew.make({ segmentBytes: 100_000 });
  await crew.addItems(1);
});
afterEach(() => crew.end());

it('writers of one item that are stopped and continued at any moment are told every race as it ended', async () => {
  const writers = await crew.started(WRITERS, { kind: 'steps', rounds: ATTEMPTS });
  let running = true;
  const results = Promise.all(writers.map((writer) => writer.result())).finally(() => (running = false));
  let stops = 0;
  while (running) {
    const writer = writers[Math.floor(Math.random() * WRITERS)];
    writer?.pause();
    await sleep(Math.random() * 12);
    writer?.resume();
    stops++;
    await sleep(Math.random() * 6);
  }
  const won = (await results).map((wins) => wins ?? NaN);
  const steps = await crew.expectKept();
  const wins = won.reduce((total, one) => total + one, 0);
  // A lost race told as won would make more wins than steps, a won one told as lost fewer.
  expect(wins).toBe(steps);
  expect(crew.acks()).toHaveLength(steps);
  expect(stops).toBeGreaterThan(0);
  console.info(`${stops} stops; ${WRITERS * ATTEMPTS} attempts, ${wins} won, the others told that they lost`);
});
