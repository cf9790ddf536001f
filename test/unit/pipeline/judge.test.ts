import { describe, expect, it } from 'vitest';
import { judgeTestRun, type TestRules } from '../../../extension/pipeline/judge';
import { INFRA_CAUSES, INFRA_CLASS, type TestRunResult } from '../../../runner-host/protocol/result';
import { readReport, suiteRan } from './rows';

const noFloor: TestRules = { floor: null, floorSource: 'off' };

function verdictOf(result: TestRunResult, rules = noFloor): string {
  const judgement = judgeTestRun(result, rules);
  return judgement.kind === 'verdict' ? `${judgement.verdict} ${judgement.reason.code}` : `infra ${judgement.cause}`;
}

describe('a suite that ran', () => {
  it('passes only when exit code, report and counts agree', () => {
    expect(verdictOf(suiteRan())).toBe('PASS tests-passed');
  });

  it('fails on any exit code but 0, whatever the report says', () => {
    expect(verdictOf(suiteRan({ exitCode: 1, report: readReport({ failed: 1 }) }))).toBe('FAIL tests-failed');
    expect(verdictOf(suiteRan({ exitCode: 1 }))).toBe('FAIL failed-outside-its-tests');
    expect(verdictOf(suiteRan({ exitCode: 3, report: { state: 'missing', path: 'r.xml' } }))).toBe(
      'FAIL failed-outside-its-tests',
    );
    expect(verdictOf(suiteRan({ exitCode: 1, report: { state: 'unreadable', path: 'r.xml', reason: 'cut' } }))).toBe(
      'FAIL failed-outside-its-tests',
    );
  });

  it('fails when its own signal ended it', () => {
    expect(verdictOf(suiteRan({ exitCode: null, signal: 'SIGSEGV' }))).toBe('FAIL failed-outside-its-tests');
  });

  it('names the figures of a failure', () => {
    const judgement = judgeTestRun(suiteRan({ exitCode: 1, report: readReport({ failed: 1, errored: 1 }) }), noFloor);
    expect(judgement.reason.text).toContain('2 of 5 tests failed (exit code 1)');
  });

  it.each([
    ['report-missing', { report: { state: 'missing', path: 'r.xml' } as const }],
    ['report-unreadable', { report: { state: 'unreadable', path: 'r.xml', reason: 'cut off' } as const }],
    ['report-disagrees', { report: readReport({ failed: 1 }) }],
    ['report-disagrees', { report: readReport({ errored: 1 }) }],
    ['no-tests-ran', { report: readReport({ passed: 0 }) }],
    ['no-tests-ran', { report: readReport({ passed: 0, skipped: 9 }) }],
    ['tree-changed', { treeAfter: 't2' }],
    ['head-moved', { headAfter: 'h2' }],
    ['tree-not-proven', { treeAfter: null }],
    ['tree-not-proven', { headAfter: null }],
  ])('with exit code 0 is INCONCLUSIVE: %s', (code, changes) => {
    expect(verdictOf(suiteRan(changes))).toBe(`INCONCLUSIVE ${code}`);
  });

  it('is INCONCLUSIVE below the floor, and both figures are named', () => {
    const judgement = judgeTestRun(suiteRan(), { floor: 4, floorSource: 'test.floor' });
    expect(judgement.reason).toMatchObject({ code: 'below-floor' });
    expect(judgement.reason.text).toMatch(/3 tests were executed and test\.floor asks for at least 4/);
  });

  it('does not count skipped tests towards the floor', () => {
    expect(
      verdictOf(suiteRan({ report: readReport({ passed: 3, skipped: 10 }) }), { floor: 4, floorSource: 'base' }),
    ).toBe('INCONCLUSIVE below-floor');
  });

  it('passes at the floor', () => {
    expect(verdictOf(suiteRan(), { floor: 3, floorSource: 'base' })).toBe('PASS tests-passed');
  });

  it('passes without a report only where none is configured and no floor asks for one', () => {
    const result = suiteRan({ report: { state: 'not-configured' } });
    expect(verdictOf(result)).toBe('PASS exit-code-alone');
    expect(verdictOf(result, { floor: 1, floorSource: 'test.floor' })).toBe('INCONCLUSIVE count-not-proven');
  });

  it('is not blamed for a head that moved under it', () => {
    expect(verdictOf(suiteRan({ exitCode: 1, headAfter: 'h2' }))).toBe('INCONCLUSIVE head-moved');
  });
});

describe('a run that says nothing about the code', () => {
  it.each(INFRA_CAUSES)('gives no verdict: %s', (cause) => {
    const { report: _report, ...ran } = suiteRan() as Extract<TestRunResult, { status: 'suite-ran' }>;
    const judgement = judgeTestRun({ ...ran, status: 'infra', cause, detail: 'what happened' }, noFloor);
    expect(judgement).toMatchObject({
      kind: 'infra',
      cause,
      class: INFRA_CLASS[cause],
      reason: { text: 'what happened' },
    });
    expect(judgement.reason.remedy).not.toBe('');
  });
});
