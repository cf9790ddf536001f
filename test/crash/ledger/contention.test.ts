import { afterEach, beforeEach, expect, it } from 'vitest';
import { Crew } from './crew';
import { extent } from './extent';

const WINS = extent(2000, 200);
const WRITERS = 4;

let crew: Crew;
beforeEach(async () => {
  crew = await Crew.make();
  await crew.addItems(4);
});
afterEach(() => crew.end());

it('four writers of the same few items all get on, and no step is won twice', async () => {
  const writers = await crew.started(WRITERS, { kind: 'wins', wins: WINS });
  const won = await Promise.all(writers.map((writer) => writer.result()));
  expect(won).toEqual(writers.map(() => WINS));
  const steps = await crew.expectKept();
  expect(steps).toBe(WRITERS * WINS);
  expect(new Set(crew.acks()).size).toBe(steps);

  const names = crew.acks().map((mark) => mark.slice(0, mark.indexOf(' ')));
  const ends = writers.map((_, n) => names.lastIndexOf(`writer-${n}`));
  const contested = names.slice(0, Math.min(...ends) + 1);
  const shares = writers.map((_, n) => contested.filter((name) => name === `writer-${n}`).length);
  const fair = contested.length / WRITERS;
  console.info(
    `while all ran: ${shares.map((share) => `${Math.round((100 * share) / fair)} %`).join(', ')} of a fair share`,
  );
  // Nobody waited until all others had finished.
  for (const [n] of writers.entries()) {
    const lastOfOthers = Math.max(...ends.filter((_, other) => other !== n));
    expect(names.indexOf(`writer-${n}`)).toBeLessThan(lastOfOthers);
  }
});
