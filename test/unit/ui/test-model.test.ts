import { describe, expect, it } from 'vitest';
import { testModel } from '../../../extension/ui/testing/test-model';
import { aCase, anInfraResult, aReport, aResult, aVerdict } from './rows';

describe('a run in the Test Explorer', () => {
  it('holds every case by its suite, with the place in the worktree', () => {
    const cases = [
      aCase(),
      aCase({ suite: 'other', name: 'b', outcome: 'passed', message: null, file: null, line: null }),
    ];
    const { suites, whole } = testModel(aReport({ cases }));
    expect(whole).toBeNull();
    expect(suites.map(({ label }) => label)).toEqual(['sums', 'other']);
    expect(suites[0]?.cases[0]).toMatchObject({
      outcome: 'failed',
      file: 'test/sum.test.js',
      line: 12,
      expected: '3',
      actual: '2',
    });
  });

  it('keeps cases of the same name apart', () => {
    const { suites } = testModel(aReport({ cases: [aCase(), aCase(), aCase()] }));
    const ids = suites[0]?.cases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it.each(['timeout', 'command-not-found'] as const)('is errored, never failed, when infra stopped it: %s', (cause) => {
    const model = testModel(aReport({ verdict: null, result: anInfraResult(cause, 'what happened') }));
    expect(model.whole).toMatchObject({ outcome: 'errored' });
    expect(model.suites).toEqual([]);
  });

  it('is skipped when a person cancelled it', () => {
    expect(testModel(aReport({ verdict: null, result: anInfraResult('cancelled', 'x') })).whole?.outcome).toBe(
      'skipped',
    );
  });

  it('is never drawn green when it is red: a FAIL without a failed case has an entry of its own', () => {
    const model = testModel(aReport({ cases: [aCase({ outcome: 'passed' })] }));
    expect(model.suites[0]?.cases[0]).toMatchObject({ label: 'failed outside its tests', outcome: 'failed' });
  });

  it('is errored as a whole when it is inconclusive, whatever its cases say', () => {
    const verdict = aVerdict({ verdict: 'INCONCLUSIVE', reason: 'below the floor' });
    const model = testModel(aReport({ verdict, cases: [aCase({ outcome: 'passed' })] }));
    expect(model.whole).toEqual({ outcome: 'errored', message: 'below the floor' });
  });

  it('says that a result without a verdict is not judged, instead of drawing it green', () => {
    const model = testModel(
      aReport({ verdict: null, result: aResult({ exitCode: 0 }), cases: [aCase({ outcome: 'passed' })] }),
    );
    expect(model.whole?.outcome).toBe('errored');
  });

  it('does not point outside the worktree', () => {
    const { suites } = testModel(aReport({ cases: [aCase({ file: '/etc/passwd', line: 1 })] }));
    expect(suites[0]?.cases[0]).toMatchObject({ file: null, line: null });
  });
});
