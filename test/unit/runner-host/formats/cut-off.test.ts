import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseResult } from '../../../../runner-host/protocol/result';
import type { ReportFormat } from '../../../../runner-host/protocol/run-spec';
import { readAs, sample } from './sample';

const SAMPLES: [ReportFormat, string][] = [
  ['junit', 'junit/vitest.xml'],
  ['junit', 'junit/node-test.xml'],
  ['junit', 'junit/surefire-flaky.xml'],
  ['tap', 'tap/node-test.tap'],
  ['tap', 'tap/vitest.tap'],
  ['tap', 'tap/vitest-flat.tap'],
  ['tap', 'tap/mocha.tap'],
  ['ctrf', 'ctrf/mocha.json'],
  ['go-json', 'go-json/green.jsonl'],
  ['go-json', 'go-json/red.jsonl'],
];

/** What decides. Texts of a failure may be lost with the last bytes of a file whose count still holds. */
const decisive = (cases: readonly CaseResult[]) =>
  cases.map(({ suite, name, outcome, flaky }) => ({ suite, name, outcome, flaky }));

describe.each(SAMPLES)('%s: %s', (format, path) => {
  const whole = sample(path);

  test('cut off at any byte it is refused, or says the same', async () => {
    const expected = decisive(await readAs(format, whole));
    const refusedOrSame = async (length: number): Promise<void> => {
      const cases = await readAs(format, whole.subarray(0, length)).catch(() => null);
      if (cases !== null) expect(decisive(cases), `cut off at ${length}`).toEqual(expected);
    };
    for (let at = whole.indexOf('\n'); at !== -1; at = whole.indexOf('\n', at + 1))
      for (const length of [at - 1, at, at + 1]) if (length < whole.length) await refusedOrSame(length);
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), refusedOrSame), { numRuns: 300 });
  });

  test('however its bytes arrive it says the same', async () => {
    const expected = await readAs(format, whole);
    for (const size of [1, 7, 4096]) expect(await readAs(format, whole, size)).toEqual(expected);
  });
});

/** These state how many tests they have, by figures or by an end for every beginning. */
const COUNTED: readonly string[] = [
  'junit/vitest.xml',
  'tap/node-test.tap',
  'tap/vitest.tap',
  'tap/vitest-flat.tap',
  'tap/mocha.tap',
  'ctrf/mocha.json',
  'go-json/green.jsonl',
];

describe.each(SAMPLES.filter(([, path]) => COUNTED.includes(path)))('%s: %s', (format, path) => {
  test('with any line taken out it is refused, or has as many tests', async () => {
    const whole = sample(path);
    const lines = whole.toString('utf8').split('\n');
    const expected = await readAs(format, whole);
    for (const index of lines.keys()) {
      const cases = await readAs(format, lines.toSpliced(index, 1).join('\n')).catch(() => null);
      if (cases !== null)
        expect(cases.length, `line ${index + 1}: ${lines[index]}`).toBeGreaterThanOrEqual(expected.length);
    }
  });
});
