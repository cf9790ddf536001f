import { describe, expect, test } from 'vitest';
import { named, outcomes, readAs, reasonAs, sample } from './sample';

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

describe('TAP as real runners write it', () => {
  test('node:test: cases are those of the subtests; todo is not run, a suite without tests is no case', async () => {
    const cases = await readAs('tap', sample('tap/node-test.tap'));
    expect(outcomes(cases)).toEqual({
      'g > ok': 'passed',
      'g > bad # hash': 'failed',
      'g > s': 'skipped',
      'g > t': 'skipped',
      'g > todo fails': 'skipped',
      'g > sd': 'skipped',
      'top > sub1': 'passed',
      'top > sub2': 'failed',
      b: 'passed',
    });
    expect(named(cases, 'sub2')).toMatchObject({ file: '/repo/a.test.mjs', line: 3, message: 'z' });
    expect(named(cases, 'sub2').details).toContain("failureType: 'testCodeFailure'");
    expect(named(cases, 'ok').durationMs).toBeGreaterThan(0);
  });

  test('vitest: subtests in braces', async () => {
    const cases = await readAs('tap', sample('tap/vitest.tap'));
    expect(outcomes(cases)).toEqual({
      'a.test.ts > g > ok': 'passed',
      'a.test.ts > g > bad': 'failed',
      'a.test.ts > g > s': 'skipped',
      'a.test.ts > g > t': 'skipped',
      'a.test.ts > g > h > deep': 'passed',
      'a.test.ts > top': 'passed',
    });
    expect(named(cases, 'bad')).toMatchObject({
      file: '/repo/a.test.ts',
      line: 2,
      message: 'expected 1 to be 2 // Object.is equality',
    });
  });

  test('vitest, flat, and mocha, whose plan comes last', async () => {
    expect(outcomes(await readAs('tap', sample('tap/vitest-flat.tap')))).toMatchObject({
      'a.test.ts > g > bad': 'failed',
      'a.test.ts > g > h > deep': 'passed',
    });
    const cases = await readAs('tap', sample('tap/mocha.tap'));
    expect(outcomes(cases)).toEqual({
      'g ok': 'passed',
      'g bad': 'failed',
      'g s': 'skipped',
      'g todo': 'skipped',
      'g h deep': 'passed',
      'g h "after all" hook for "deep"': 'failed',
    });
    expect(named(cases, 'g bad').message).toBe('x');
  });
});

describe('TAP that is not whole, or contradicts itself, is refused', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /empty/],
    ['no plan', lines('ok 1 - a'), /no plan for 1 test points/],
    ['fewer than planned', lines('1..2', 'ok 1 - a'), /plan says 2 tests, but 1/],
    ['more than planned', lines('1..1', 'ok 1 - a', 'ok 2 - b'), /plan says 1 tests, but 2/],
    ['two plans', lines('1..1', 'ok 1 - a', '1..1'), /two plans/],
    ['two documents', lines('TAP version 13', '1..1', 'ok 1', 'TAP version 13', '1..1', 'ok 1'), /second document/],
    ['a version of the future', lines('TAP version 15', '1..1', 'ok 1'), /version 15/],
    ['a number twice', lines('1..2', 'ok 1 - a', 'ok 1 - b'), /two test points 1/],
    ['a number beyond the plan', lines('1..2', 'ok 1 - a', 'ok 3 - b'), /test point 3 is not in the plan/],
    ['a test after the last plan', lines('ok 1', '1..2', 'ok 2'), /follows the plan/],
    ['a bail-out', lines('1..1', 'ok 1', 'Bail out! no database'), /gave up: Bail out! no database/],
    ['a last line without an end', 'ok 1 - a\n1..1', /last line has no end/],
    ['a block without an end', lines('1..1', 'ok 1 - a', '  ---', '  a: 1'), /does not end/],
    ['a block that a test point breaks', lines('1..2', 'ok 1', '  ---', 'ok 2', '  ...'), /block does not end/],
    ['a subtest without its plan', lines('1..1', '    ok 1 - x', 'ok 1 - s'), /no plan for 1/],
    ['a subtest cut short', lines('1..1', '    1..2', '    ok 1 - x', 'ok 1 - s'), /plan says 2 tests, but 1/],
    ['a subtest without its point', lines('1..0', '    ok 1 - x', '    1..1'), /subtest does not end/],
    ['a subtest before a plan', lines('    ok 1 - x', '    1..1', '1..0'), /no test point of its own/],
    ['braces without an end', lines('1..1', 'ok 1 - s {', '    1..1', '    ok 1 - x'), /subtest does not end/],
    ['an ok that hides a failure', lines('1..1', '    not ok 1 - x', '    1..1', 'ok 1 - s'), /"s" says ok, but/],
    ['the same in braces', lines('1..1', 'ok 1 - s {', '    1..1', '    not ok 1 - x', '}'), /"s" says ok, but/],
    ['a printed ok', lines('1..1', 'ok then, here we go', 'ok 1 - a'), /two test points 1/],
  ])('%s', async (_name, text, reason) => {
    expect(await reasonAs('tap', text)).toMatch(reason);
  });

  test('bytes that are no UTF-8', async () => {
    expect(await reasonAs('tap', Buffer.from([0x31, 0xff, 0x0a]))).toMatch(/not valid utf-8/);
  });

  test('subtests without end', async () => {
    const deep = Array.from({ length: 100 }, (_, depth) => `${' '.repeat(4 * depth)}1..1`);
    expect(await reasonAs('tap', lines(...deep))).toMatch(/nested deeper/);
  });
});

describe('what a point says', () => {
  const one = async (line: string) => (await readAs('tap', lines(line, '1..1')))[0];

  test.each([
    ['ok', '', 'passed'],
    ['ok 1', '', 'passed'],
    ['ok 1 name', 'name', 'passed'],
    ['ok - 2 plus 2', '2 plus 2', 'passed'],
    ['ok 1 - a \\# b \\\\ c', 'a # b \\ c', 'passed'],
    ['ok 1 - parses {', 'parses {', 'passed'],
    ['ok 1 - a # SKIP no reason', 'a', 'skipped'],
    ['ok 1 - a # skipped', 'a', 'passed'],
    ['not ok 1 - a # TODO later', 'a', 'skipped'],
    ['ok 1 - a # todo', 'a', 'skipped'],
    ['not ok 1 - a # SKIP', 'a', 'failed'],
    ['not ok 1 - a \\# TODO', 'a # TODO', 'failed'],
    ['not ok 1 - a', 'a', 'failed'],
  ])('"%s"', async (line, name, outcome) => {
    expect(await one(line)).toMatchObject({ suite: '', name, outcome });
  });

  test('noise between the lines, Windows line ends and colours are passed over', async () => {
    const text = ['TAP version 14', 'server started', '   odd', '# comment', 'ok 1 - a', '\u001b[31mred', '1..1', ''];
    expect(outcomes(await readAs('tap', text.join('\r\n')))).toEqual({ a: 'passed' });
  });

  test('a suite that fails by itself is an error beside its passed tests', async () => {
    const cases = await readAs('tap', lines('    ok 1 - x', '    1..1', 'not ok 1 - s', '1..1'));
    expect(outcomes(cases)).toEqual({ 's > x': 'passed', s: 'errored' });
  });

  test('what fails under a todo is not run, as runners count it', async () => {
    const cases = await readAs('tap', lines('    not ok 1 - x', '    1..1', 'not ok 1 - s # TODO', '1..1'));
    expect(outcomes(cases)).toEqual({ 's > x': 'skipped' });
  });
});
