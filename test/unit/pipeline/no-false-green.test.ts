import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import { INFRA_CAUSES, type ReportReading, type TestRunResult } from '../../../runner-host/protocol/result';
import { suiteRan } from './rows';

const count = fc.nat({ max: 5 });

const anyReport: fc.Arbitrary<ReportReading> = fc.oneof(
  fc.constant<ReportReading>({ state: 'not-configured' }),
  fc.constant<ReportReading>({ state: 'missing', path: 'r.xml' }),
  fc.constant<ReportReading>({ state: 'unreadable', path: 'r.xml', reason: 'cut' }),
  fc.record({ passed: count, failed: count, errored: count, skipped: count }).map((counts): ReportReading => ({
    state: 'read',
    files: ['r.xml'],
    tests: counts.passed + counts.failed + counts.errored + counts.skipped,
    failures: [],
    ...counts,
  })),
);

const anyResult: fc.Arbitrary<TestRunResult> = fc
  .record({
    exitCode: fc.option(fc.integer({ min: 0, max: 3 })),
    signal: fc.option(fc.constantFrom('SIGSEGV', 'SIGABRT')),
    report: anyReport,
    treeAfter: fc.option(fc.constantFrom('t1', 't2')),
    headAfter: fc.option(fc.constantFrom('h1', 'h2')),
    infra: fc.option(fc.constantFrom(...INFRA_CAUSES), { freq: 4 }),
  })
  .map(({ infra, ...facts }): TestRunResult => {
    const ran = suiteRan(facts);
    if (infra === null || ran.status !== 'suite-ran') return ran;
    const { report: _report, ...rest } = ran;
    return { ...rest, status: 'infra', cause: infra, detail: 'x' };
  });

it('no result whatsoever is a PASS unless the suite ran, ended with 0 on the unchanged tree, and its report agrees', () => {
  fc.assert(
    fc.property(anyResult, fc.option(fc.nat({ max: 6 })), (result, floor) => {
      const judgement = judgeTestRun(result, { floor, floorSource: 'test' });
      if (judgement.kind !== 'verdict' || judgement.verdict !== 'PASS') return;
      if (result.status !== 'suite-ran') throw new Error('a PASS without a suite');
      expect(result.supervision.exitCode).toBe(0);
      expect(result.tree).toMatchObject({ headAfter: 'h1', treeAfter: 't1' });
      if (result.report.state === 'read') {
        expect(result.report).toMatchObject({ failed: 0, errored: 0 });
        expect(result.report.passed).toBeGreaterThanOrEqual(Math.max(1, floor ?? 1));
      } else {
        expect(result.report.state).toBe('not-configured');
        expect(floor).toBeNull();
      }
    }),
    { numRuns: 5000 },
  );
});

it('no infra result ever gives a verdict', () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      fc.pre(result.status === 'infra');
      expect(judgeTestRun(result, { floor: null, floorSource: 'test' }).kind).toBe('infra');
    }),
  );
});
