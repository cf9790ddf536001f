import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BiteCell, Evidence, TestNames } from '../../../extension/artifacts/evidence';
import { judgeTestRun, type TestRules } from '../../../extension/pipeline/judge';
import { INFRA_CAUSES, type ReportReading, type TestRunResult } from '../../../runner-host/protocol/result';
import { failedCase } from '../artifacts/report-input';
import { readReport, suiteRan } from './rows';

const name = fc.constantFrom('a', 'b').map((one) => ({ suite: 'orders', name: one }));
const names: fc.Arbitrary<TestNames> = fc
  .array(name, { maxLength: 2 })
  .map((first) => ({ count: first.length, first }));
const end = fc.constantFrom('green' as const, 'red' as const, 'timeout' as const, 'unknown' as const);
const cell: fc.Arbitrary<BiteCell> = end.map((one) => ({
  end: one,
  run: 'r',
  reused: false,
  detail: '',
  failed: { count: 0, first: [] },
}));

const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    base: fc.record({
      commit: fc.constant('c'.repeat(40)),
      run: fc.constant('r'),
      reused: fc.boolean(),
      end,
      detail: fc.constant(''),
      alsoRed: fc.array(name, { maxLength: 3 }),
      sameFailureOutside: fc.boolean(),
    }),
    flaky: fc.record({
      red: fc.constant('r'),
      failed: names,
      unknown: names,
      unnamed: fc.nat({ max: 1 }),
      seen: fc.constant([]),
    }),
    bite: fc.record({
      mode: fc.constantFrom('advisory' as const, 'required' as const),
      testFiles: fc.nat({ max: 1 }),
      baseOnBase: cell,
      baseOnItem: cell,
      itemOnBase: cell,
      itemOnItem: cell,
    }),
  },
  { requiredKeys: [] },
);

const failures = fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 });
const report: fc.Arbitrary<ReportReading> = fc.oneof(
  fc.constant<ReportReading>({ state: 'not-configured' }),
  fc.constant<ReportReading>({ state: 'missing', path: 'r.xml' }),
  failures.map((red) => readReport({ failed: red.length, failures: red.map((one) => failedCase({ name: one })) })),
);
const result: fc.Arbitrary<TestRunResult> = fc
  .record({
    exitCode: fc.option(fc.nat({ max: 2 })),
    report,
    treeAfter: fc.option(fc.constantFrom('t1', 't2')),
    infra: fc.option(fc.constantFrom(...INFRA_CAUSES), { freq: 4 }),
  })
  .map(({ infra, ...facts }): TestRunResult => {
    const ran = suiteRan(facts);
    if (infra === null || ran.status !== 'suite-ran') return ran;
    const { report: _, ...rest } = ran;
    return { ...rest, status: 'infra', cause: infra, detail: 'x' };
  });

it('whatever is found out besides, nothing passes that would not pass without it', () => {
  const word = (ended: TestRunResult, rules: TestRules): string => {
    const judgement = judgeTestRun(ended, rules);
    return judgement.kind === 'verdict' ? judgement.verdict : 'infra';
  };
  let passes = 0;
  fc.assert(
    fc.property(result, evidence, fc.constantFrom(0, 1), (ended, found, rerunFailed) => {
      const bare = { floor: null, floorSource: 'off' };
      if (word(ended, { ...bare, evidence: found, rerunFailed }) !== 'PASS') return;
      passes++;
      expect(word(ended, bare)).toBe('PASS');
    }),
    { numRuns: 5000 },
  );
  expect(passes).toBeGreaterThan(0);
});
