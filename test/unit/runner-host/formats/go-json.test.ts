import { describe, expect, test } from 'vitest';
import { named, outcomes, readAs, reasonAs, sample } from './sample';

const events = (...all: (Record<string, unknown> | string)[]): string =>
  all.map((one) => `${typeof one === 'string' ? one : JSON.stringify({ Package: 'p', ...one })}\n`).join('');
const run = (Test: string) => ({ Action: 'run', Test });
const pass = (Test: string) => ({ Action: 'pass', Test });
const fail = (Test: string) => ({ Action: 'fail', Test });

describe('go test -json as go writes it', () => {
  test('failed, skipped, seeds of a fuzz test, a panic, a package that does not build', async () => {
    const cases = await readAs('go-json', sample('go-json/red.jsonl'));
    expect(outcomes(cases)).toEqual({
      'example.com/shop/cart > TestAdd': 'passed',
      'example.com/shop/cart > TestRemove/one': 'passed',
      'example.com/shop/cart > TestRemove/last_one': 'failed',
      'example.com/shop/cart > TestSlow': 'skipped',
      'example.com/shop/cart > FuzzAdd/seed#0': 'passed',
      'example.com/shop/boom > TestFine': 'passed',
      'example.com/shop/boom > TestBoom': 'failed',
      'example.com/shop/boom > TestAfter': 'passed',
      'example.com/shop/broken > the package': 'errored',
    });
    expect(named(cases, 'TestRemove/last_one').message).toBe('cart_test.go:13: got 1, want 0');
    expect(named(cases, 'TestBoom').details).toContain('panic: boom');
    expect(named(cases, 'the package').message).toBe('build failed');
  });

  test('since version 1.24 the compiler’s words are events', async () => {
    const cases = await readAs('go-json', sample('go-json/go-1.24-build.jsonl'));
    expect(outcomes(cases)).toEqual({ 'example.com/shop/broken > the package': 'errored' });
    expect(named(cases, 'the package').details).toContain('cannot use "x"');
  });

  test('green, with a package that has no tests', async () => {
    const cases = await readAs('go-json', sample('go-json/green.jsonl'));
    expect(new Set(cases.map(({ outcome }) => outcome))).toEqual(new Set(['passed', 'skipped']));
    expect(cases).toHaveLength(6);
  });
});

describe('go events that are not whole, or contradict each other, are refused', () => {
  const end = { Action: 'pass' };
  test.each<[string, string, RegExp]>([
    ['no line that ends it', events(run('A'), pass('A'), end), /last line is not "exit <code>"/],
    ['something after that line', events(end, 'exit 0', end), /line 3 stands after the end/],
    ['a package without an end', events(run('A'), pass('A'), 'exit 0'), /package p has no end/],
    [
      'a test without an end in a passed package',
      events(run('A'), end, 'exit 0'),
      /test A of the passed .* has no end \(go before version 1\.20/,
    ],
    [
      'a failed test in a passed package',
      events(run('A'), fail('A'), end, 'exit 0'),
      /passed, but a test in it failed/,
    ],
    ['a failed test in a passed one', events(run('A'), run('A/b'), fail('A/b'), pass('A')), /A of p did not fail, but/],
    ['a failed package in a passed run', events({ Action: 'fail' }, 'exit 0'), /p failed, but go test ended with 0/],
    ['a start twice', events(run('A'), run('A')), /starts twice/],
    ['an end without a start', events(pass('A')), /ends without a start/],
    ['a package that goes on', events(end, run('A')), /goes on after its end/],
    ['an unknown action', events({ Action: 'perhaps' }), /line 1 is not an event/],
    ['an event of no package', '{"Action":"pass"}\n', /names no package/],
    ['a line that is no event', events(end, 'PASS', 'exit 0'), /line 2 is not an event/],
    ['a time that is none', '{"Action":"pass","Package":"p","Elapsed":"NaN"}\n', /line 1 is not an event/],
    ['nothing', '', /empty/],
  ])('%s', async (_name, text, reason) => {
    expect(await reasonAs('go-json', text)).toMatch(reason);
  });
});

describe('what go leaves open', () => {
  test('a test that a panic elsewhere took down did not end: an error', async () => {
    const text = events(run('A'), run('B'), fail('A'), { Action: 'fail' }, 'exit 1');
    expect(outcomes(await readAs('go-json', text))).toEqual({ 'p > A': 'failed', 'p > B': 'errored' });
  });

  test('a package that fails outside of its tests is an error of its own', async () => {
    const text = events(
      run('A'),
      pass('A'),
      { Action: 'output', Output: 'FAIL: teardown\n' },
      { Action: 'fail' },
      'exit 1',
    );
    const cases = await readAs('go-json', text);
    expect(outcomes(cases)).toEqual({ 'p > A': 'passed', 'p > the package': 'errored' });
    expect(named(cases, 'the package').message).toBe('FAIL: teardown');
  });

  test('a name with a slash of its own belongs to the nearest test', async () => {
    const text = events(run('A'), run('A/b/c'), pass('A/b/c'), pass('A'), { Action: 'pass' }, 'exit 0');
    expect(outcomes(await readAs('go-json', text))).toEqual({ 'p > A/b/c': 'passed' });
  });

  test('a test that runs twice (-count=2) counts twice', async () => {
    const text = events(run('A'), pass('A'), run('A'), fail('A'), { Action: 'fail' }, 'exit 1');
    expect((await readAs('go-json', text)).map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
  });
});
