import { describe, expect, test } from 'vitest';
import { named, outcomes, readAs, reasonAs, sample } from './sample';

const whole = sample('ctrf/mocha.json').toString('utf8');

/** A report of these tests whose summary is right, unless `summary` says otherwise. */
function report(tests: Record<string, unknown>[], summary: Record<string, unknown> = {}): string {
  const count = (status: string) => tests.filter((test) => test['status'] === status).length;
  const counts = Object.fromEntries(['passed', 'failed', 'skipped', 'pending', 'other'].map((s) => [s, count(s)]));
  return JSON.stringify({
    results: { tool: { name: 't' }, summary: { tests: tests.length, ...counts, ...summary }, tests },
  });
}
const passed = { name: 'p', status: 'passed', duration: 1 };

describe('CTRF', () => {
  test('as a reporter of mocha writes it, with a flaky test', async () => {
    const cases = await readAs('ctrf', whole);
    expect(outcomes(cases)).toEqual({
      'g ok': 'passed',
      'g bad': 'failed',
      'g s': 'skipped',
      'g todo': 'skipped',
      'g h deep': 'passed',
      'g h flaky': 'passed',
    });
    expect(named(cases, 'g bad')).toMatchObject({ file: '/repo/f.cjs', message: 'Error x' });
    expect(cases.filter(({ flaky }) => flaky === true).map(({ name }) => name)).toEqual(['g h flaky']);
  });

  test('suites as text or as a way, what is neither passed nor failed is an error', async () => {
    const cases = await readAs(
      'ctrf',
      report([
        { ...passed, suite: 's' },
        { ...passed, name: 'o', status: 'other', suite: ['a', 'b'], line: 3, filePath: 'x.js' },
      ]),
    );
    expect(outcomes(cases)).toEqual({ 's > p': 'passed', 'a > b > o': 'errored' });
    expect(named(cases, 'o')).toMatchObject({ file: 'x.js', line: 3 });
  });

  test.each<[string, string, RegExp]>([
    ['nothing', '', /empty/],
    ['no JSON', 'ok 1', /not valid JSON/],
    ['cut off', whole.slice(0, -20), /not valid JSON/],
    ['another document', '{"tests": 3}', /results is missing/],
    ['no summary', '{"results": {"tool": {"name": "t"}, "tests": []}}', /results\.summary/],
    ['an unknown status', report([{ ...passed, status: 'fine' }]), /results\.tests\.0\.status/],
    ['a count that is none', report([passed], { passed: 'NaN' }), /results\.summary\.passed/],
    ['a negative count', report([passed], { failed: -1 }), /results\.summary\.failed/],
    ['half a test', report([passed], { tests: 1.5 }), /results\.summary\.tests/],
    ['fewer tests than it says', report([passed], { tests: 2 }), /says tests=2, but 1/],
    [
      'a failure that it does not say',
      report([{ ...passed, status: 'failed' }], { failed: 0 }),
      /says failed=0, but 1/,
    ],
    ['a skipped test that it calls passed', report([{ ...passed, status: 'skipped' }], { passed: 1 }), /says passed=1/],
    ['flaky tests that are not there', report([passed], { flaky: 1 }), /says flaky=1, but 0/],
    ['a failed test that is called flaky only', report([{ name: 'x', flaky: true }]), /results\.tests\.0\.status/],
  ])('%s is refused', async (_name, text, reason) => {
    expect(await reasonAs('ctrf', text)).toMatch(reason);
  });

  test('an address out of JSON’s ways changes nothing', async () => {
    const text = report([passed]).replace('"p"', '"p","__proto__":{"status":"failed"}');
    expect(outcomes(await readAs('ctrf', text))).toEqual({ p: 'passed' });
  });
});
