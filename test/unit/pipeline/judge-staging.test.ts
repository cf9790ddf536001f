import { describe, expect, it } from 'vitest';
import type { Waiver } from '../../../extension/artifacts/waiver-use';
import { judgeStagingRun } from '../../../extension/pipeline/staging/judge-staging';
import { STAGING_REMEDIES } from '../../../extension/pipeline/staging/remedies';
import type { StagingRules } from '../../../extension/pipeline/staging/staging-rules';
import { useWaivers } from '../../../extension/pipeline/staging/use-waivers';
import type { ReportReading } from '../../../runner-host/protocol/result';
import { failedCase, readReport } from '../artifacts/report-input';
import { SERVED, stagingRan, type StagingRan } from '../artifacts/staging-input';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const rules = (change: Partial<StagingRules> = {}): StagingRules => ({
  base: 'b1',
  configHash: 'c',
  served: { asked: true, commit: SERVED },
  report: true,
  waivers: [],
  at: NOW,
  ...change,
});
const waiver = (check: string, until = '2026-11-21'): Waiver => ({
  check,
  reason: 'known',
  reference: 'DEMO-61',
  until,
});

function failed(names: string[], more: Partial<ReportReading & { state: 'read' }> = {}): ReportReading {
  const failures = names.map((name) => failedCase({ name, suite: 'api' }));
  return readReport({ failed: names.length, tests: 11 + names.length, skipped: 0, failures, ...more });
}
const red = (report: ReportReading, exitCode: number | null = 1): StagingRan => stagingRan({ report }, { exitCode });
const judged = (result: StagingRan, change: Partial<StagingRules> = {}): [string, string] => {
  const judgement = judgeStagingRun(result, rules(change));
  if (judgement.kind !== 'verdict') throw new Error('no verdict');
  return [judgement.verdict, judgement.reason.code];
};

describe('a staging run', () => {
  it('that is green on the right commit passes', () => {
    expect(judged(stagingRan())).toEqual(['PASS', 'checks-passed']);
  });

  it('without a configured report passes on its exit code, and says so', () => {
    expect(judged(stagingRan({ report: { state: 'not-configured' } }), { report: false })).toEqual([
      'PASS',
      'exit-code-alone',
    ]);
  });

  it('on a host that nobody asked for its commit passes as "not proven"', () => {
    const judgement = judgeStagingRun(
      stagingRan({ served: null }),
      rules({ served: { asked: false, commit: SERVED } }),
    );
    expect(judgement).toMatchObject({ verdict: 'PASS', reason: { text: expect.stringContaining('not proven') } });
  });

  it('on a host that serves another commit of the same content passes; on none of them, or one after the other, it does not', () => {
    const tested = 'd'.repeat(40);
    const on = (before: string, after: string, sameContent?: string[]) =>
      judged(stagingRan({ served: { before, after } }), { served: { asked: true, commit: SERVED, sameContent } });
    expect(on(tested, tested, [tested])).toEqual(['PASS', 'checks-passed']);
    expect(on(tested, tested)).toEqual(['INCONCLUSIVE', 'served-commit-mismatch']);
    expect(on(tested, SERVED, [tested])).toEqual(['INCONCLUSIVE', 'served-commit-mismatch']);
  });

  it.each<[string, StagingRan, string]>([
    ['no report', stagingRan({ report: { state: 'missing', path: 'x' } }), 'report-missing'],
    ['a report that was never read', stagingRan({ report: { state: 'not-configured' } }), 'report-missing'],
    ['a torn report', stagingRan({ report: { state: 'unreadable', path: 'x', reason: 'cut' } }), 'report-unreadable'],
    ['a report with failures', stagingRan({ report: failed(['a']) }), 'report-disagrees'],
    [
      'a report of skipped checks alone',
      stagingRan({ report: readReport({ passed: 0, skipped: 12 }) }),
      'no-tests-ran',
    ],
    ['no exit code', red(readReport(), null), 'exit-code-unknown'],
    ['survivors', stagingRan({}, { survivors: 2 }), 'survivors'],
    ['nobody who knows of survivors', stagingRan({}, { survivors: null }), 'survivors'],
  ])('with exit code 0 and %s is inconclusive', (_name, result, code) => {
    expect(judged(result)).toEqual(['INCONCLUSIVE', code]);
  });

  it.each([
    null,
    { before: 'd'.repeat(40), after: SERVED },
    { before: SERVED, after: 'd'.repeat(40) },
    { before: SERVED, after: null },
    { before: SERVED.slice(0, 8), after: SERVED },
    { before: '', after: '' },
  ])('of a host that serves %j blames nobody and passes nobody, green or red', (served) => {
    expect(judged(stagingRan({ served }))).toEqual(['INCONCLUSIVE', 'served-commit-mismatch']);
    expect(judged(stagingRan({ served, report: failed(['a']) }, { exitCode: 1 }))).toEqual([
      'INCONCLUSIVE',
      'served-commit-mismatch',
    ]);
  });

  it('that is red fails, and names the first check', () => {
    expect(judgeStagingRun(red(failed(['C1', 'C2'])), rules())).toMatchObject({
      verdict: 'FAIL',
      reason: {
        code: 'checks-failed',
        text: expect.stringContaining('2 of 13 checks failed (exit code 1), first: C1'),
      },
    });
  });

  it.each<[string, ReportReading]>([
    ['names no failure', readReport()],
    ['is missing', { state: 'missing', path: 'x' }],
    ['is torn', { state: 'unreadable', path: 'x', reason: 'cut' }],
    ['is not configured', { state: 'not-configured' }],
  ])('that is red and whose report %s fails outside its checks', (_name, report) => {
    expect(judged(red(report))).toEqual(['FAIL', 'failed-outside-its-checks']);
  });
});

describe('waivers', () => {
  it('let a red suite pass whose failed checks are all waived, and the reason names each', () => {
    expect(judgeStagingRun(red(failed(['C9a'])), rules({ waivers: [waiver('C9a')] }))).toMatchObject({
      verdict: 'PASS',
      reason: {
        code: 'failures-waived',
        text: expect.stringMatching(/waived: C9a \(DEMO-61\); REAL failed: none/),
      },
    });
  });

  it.each(['C9a', 'api > C9a'])('name a check as "%s"', (check) => {
    expect(judged(red(failed(['C9a'])), { waivers: [waiver(check)] })[0]).toBe('PASS');
  });

  it.each(['c9a', 'C9', 'C9a ', 'other > C9a', 'api', 'api>C9a', '*', '.*'])('do not name it as "%s"', (check) => {
    expect(judged(red(failed(['C9a'])), { waivers: [waiver(check)] })).toEqual(['FAIL', 'checks-failed']);
  });

  it('count to the end of their day by the clock of the side that decides, and an expired one says so', () => {
    const until = '2026-11-21';
    const at = (time: string): Partial<StagingRules> => ({ at: Date.parse(time), waivers: [waiver('C9a', until)] });
    expect(judged(red(failed(['C9a'])), at('2026-11-21T23:59:59Z'))[0]).toBe('PASS');
    expect(judgeStagingRun(red(failed(['C9a'])), rules(at('2026-11-22T00:00:00Z')))).toMatchObject({
      verdict: 'FAIL',
      reason: { text: expect.stringContaining('the waiver of C9a expired on 2026-11-21') },
    });
    expect(judged(red(failed(['C9a'])), { waivers: [waiver('C9a', 'nonsense')] })[0]).toBe('FAIL');
  });

  it('do not excuse another check that failed beside it', () => {
    expect(judged(red(failed(['C9a', 'C1'])), { waivers: [waiver('C9a')] })).toEqual(['FAIL', 'checks-failed']);
  });

  it('do not excuse failures that the report counts and does not name', () => {
    expect(judged(red(failed(['C9a'], { failed: 2 })), { waivers: [waiver('C9a')] })).toEqual([
      'FAIL',
      'checks-failed',
    ]);
    expect(judged(red(failed(['C9a'], { errored: 1 })), { waivers: [waiver('C9a')] })).toEqual([
      'FAIL',
      'checks-failed',
    ]);
    expect(judged(red(failed([], { failed: 1 })), { waivers: [waiver('C9a')] })).toEqual(['FAIL', 'checks-failed']);
  });

  it.each<[string, ReportReading]>([
    ['without a report', { state: 'not-configured' }],
    ['with a missing report', { state: 'missing', path: 'x' }],
    ['with a torn report', { state: 'unreadable', path: 'x', reason: 'cut' }],
    ['with a report that names nothing', readReport()],
  ])('never apply %s', (_name, report) => {
    expect(judgeStagingRun(red(report), rules({ waivers: [waiver('C9a')] }))).toMatchObject({
      verdict: 'FAIL',
      reason: { text: expect.stringContaining('waivers apply only to checks that a report names') },
    });
  });

  it('prove nothing where nothing else passed', () => {
    expect(judged(red(failed(['C9a'], { passed: 0 })), { waivers: [waiver('C9a')] })).toEqual([
      'INCONCLUSIVE',
      'nothing-passed',
    ]);
  });

  it('make no green suite of one that named failures and ended with 0', () => {
    expect(judged(stagingRan({ report: failed(['C9a']) }), { waivers: [waiver('C9a')] })[0]).toBe('INCONCLUSIVE');
  });

  it('are listed as what they did: applied, expired, unused, ignored', () => {
    const waivers = [waiver('C9a'), waiver('C1', '2020-01-01'), waiver('C2')];
    const uses = (result: StagingRan) => useWaivers(result, rules({ waivers })).uses.map(({ use }) => use);
    expect(uses(red(failed(['C9a', 'C1'])))).toEqual(['applied', 'expired', 'unused']);
    expect(uses(red({ state: 'missing', path: 'x' }))).toEqual(['ignored', 'ignored', 'ignored']);
  });
});

describe('a run that says nothing about the code', () => {
  it.each(['transient-infra', 'permanent-env', 'held', 'cancelled'] as const)('keeps its class %s', (name) => {
    const { report: _, ...rest } = stagingRan();
    const judgement = judgeStagingRun(
      { ...rest, status: 'infra', class: name, cause: 'host-busy', detail: 'x' },
      rules(),
    );
    expect(judgement).toMatchObject({
      kind: 'infra',
      class: name,
      reason: { code: 'host-busy', text: 'x', remedy: STAGING_REMEDIES['host-busy'] },
    });
  });

  it('has a remedy for a cause that nobody here knows', () => {
    const { report: _, ...rest } = stagingRan();
    for (const cause of ['of-tomorrow', 'constructor']) {
      const judgement = judgeStagingRun({ ...rest, status: 'infra', class: 'held', cause, detail: '' }, rules());
      expect(judgement.reason).toMatchObject({ text: cause, remedy: expect.stringContaining('interlock doctor') });
    }
  });
});
