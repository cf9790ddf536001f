import { afterEach, beforeEach, expect, it } from 'vitest';
import { Crew } from './crew';
import { extent } from './extent';

const STEPS = extent(8000, 800);
const WRITERS = 4;
/** Losing is a matter of two appends that meet; who loses so often in a row is being shut out. */
const SHUT_OUT = 20;
/** Who hardly comes to try is being kept waiting, as by a lock; a busy machine alone leaves more to each. */
const KEPT_WAITING = 0.1;

/**
 * How often a writer is let run is the system's doing, so fairness is counted in commits that were tried: the part of its
 * tries that a writer wins may lie below that of all by four times the most that chance makes of so many.
 */
const fairAfter = (tries: number): number => 1 - 4 / Math.sqrt(tries);

let crew: Crew;
beforeEach(async () => {
  crew = await Crew.make();
  await crew.addItems(4);
});
afterEach(() => crew.end());

it('four writers of the same few items all get on alike, and no step is won twice', async () => {
  const writers = await crew.started(WRITERS, { kind: 'together', steps: STEPS });
  const answers = (await Promise.all(writers.map((writer) => writer.answer()))).filter((answer) => answer !== null);
  expect(answers).toHaveLength(WRITERS);
  const won = sum(answers.map((answer) => answer.won));
  const steps = await crew.expectKept();
  expect(steps).toBeGreaterThanOrEqual(STEPS);
  expect(steps).toBe(won);
  expect(new Set(crew.acks()).size).toBe(won);

  const luck = won / sum(answers.map(({ tries }) => tries));
  console.info(
    `of its fair share: ${percent(answers.map((answer) => (answer.won * WRITERS) / won))}`,
    `by tries: ${percent(answers.map((answer) => answer.won / answer.tries / luck))}`,
    `lost in a row: ${answers.map(({ longestLoss }) => longestLoss).join(', ')}`,
  );
  for (const { won: own, tries, longestLoss } of answers) {
    expect((own * WRITERS) / won).toBeGreaterThan(KEPT_WAITING);
    expect(own / tries / luck).toBeGreaterThan(fairAfter(tries));
    expect(longestLoss).toBeLessThan(SHUT_OUT);
  }
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const percent = (parts: readonly number[]): string => parts.map((part) => `${Math.round(100 * part)} %`).join(', ');
