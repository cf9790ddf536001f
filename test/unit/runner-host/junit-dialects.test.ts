import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CaseResult } from '../../../runner-host/protocol/result';
import { readJunit } from '../../../runner-host/runners/junit/read-junit';

const read = (name: string): Promise<CaseResult[]> =>
  readJunit(createReadStream(join(import.meta.dirname, '../../fixtures/junit', `${name}.xml`)));

const outcomes = (cases: readonly CaseResult[]): Record<string, string> =>
  Object.fromEntries(cases.map(({ name, outcome }) => [name, outcome]));

const named = (cases: readonly CaseResult[], name: string): CaseResult => {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe('reports as real runners write them are read as they are meant', () => {
  test('vitest: skipped and todo are skipped, a file that does not load is a failure', async () => {
    const cases = await read('vitest');
    expect(outcomes(cases)).toEqual({
      'g > ok': 'passed',
      'g > bad': 'failed',
      'g > s': 'skipped',
      'g > t': 'skipped',
      'g > h > deep': 'passed',
      top: 'passed',
      'broken.test.ts': 'failed',
    });
    expect(named(cases, 'g > bad')).toMatchObject({
      suite: 'a.test.ts',
      message: 'expected 1 to be 2 // Object.is equality',
    });
    expect(named(cases, 'g > bad').details).toContain('❯ a.test.ts:2:90');
    expect(named(cases, 'g > bad').durationMs).toBeCloseTo(11.12, 2);
  });

  test('node:test: nested suites, counted by direct children; colours in a message do no harm', async () => {
    const cases = await read('node-test');
    expect(outcomes(cases)).toEqual({
      a: 'passed',
      s: 'skipped',
      t: 'skipped',
      b: 'failed',
      c: 'passed',
      skippedsuite: 'skipped',
      top: 'passed',
      sub1: 'passed',
      sub2: 'failed',
    });
    expect(named(cases, 'sub2').message).toBe('x\ufffd[31m red');
    expect(named(cases, 'top')).toMatchObject({ suite: '', file: '/repo/n.test.mjs', line: null });
  });

  test('pytest: errors in set-up and teardown, skipped and expected failures', async () => {
    const cases = await read('pytest');
    expect(cases).toHaveLength(10);
    expect(cases.filter(({ name }) => name === 'test_td_fail').map(({ outcome }) => outcome)).toEqual([
      'failed',
      'errored',
    ]);
    expect(named(cases, 'test_td')).toMatchObject({ suite: 'test_a', outcome: 'errored' });
    expect(named(cases, 'test_su').outcome).toBe('errored');
    expect(named(cases, 'test_xf').outcome).toBe('skipped');
  });

  test('pytest: a test that passes and fails in its teardown counts twice there, once here', async () => {
    expect(outcomes(await read('pytest-teardown'))).toEqual({ test_td: 'errored' });
  });

  test('pytest, xunit1: lines count from 0 there, from 1 here', async () => {
    expect(named(await read('pytest-xunit1'), 'test_fail')).toMatchObject({ file: 'test_a.py', line: 10 });
  });

  test('surefire: a flaky test that passed in the end is passed, a rerun that failed again is failed', async () => {
    const cases = await read('surefire-rerun');
    expect(outcomes(cases)).toEqual({ ok: 'passed', bad: 'failed', off: 'skipped', boom: 'errored', flaky: 'passed' });
    expect(named(cases, 'flaky')).toMatchObject({ message: null, flaky: true });
    expect(cases.filter(({ flaky }) => flaky !== undefined)).toHaveLength(1);
    expect(named(cases, 'off').message).toBe('later');
  });

  test('surefire: green after a rerun, when its figures are those of the last round alone', async () => {
    const cases = await read('surefire-flaky');
    expect(outcomes(cases)).toEqual({ ok: 'passed', off: 'skipped', flaky: 'passed' });
    expect(named(cases, 'flaky').flaky).toBe(true);
  });

  test('nextest: a test that passed only when retried is flaky', async () => {
    const cases = await read('nextest');
    expect(outcomes(cases)).toEqual({
      'cart::tests::adds': 'passed',
      'cart::tests::removes': 'failed',
      sometimes: 'passed',
    });
    expect(cases.filter(({ flaky }) => flaky === true).map(({ name }) => name)).toEqual(['sometimes']);
    expect(named(cases, 'cart::tests::removes').message).toContain('src/cart.rs:21:9');
  });

  test('playwright: skipped and fixme are skipped; what passed on a retry looks like any other', async () => {
    const cases = await read('playwright');
    expect(outcomes(cases)).toEqual({
      'sums › adds': 'failed',
      'sums › holds': 'passed',
      'sums › waits': 'skipped',
      'sums › later': 'skipped',
      'sums › sometimes': 'passed',
      top: 'passed',
    });
    expect(named(cases, 'sums › adds')).toMatchObject({
      suite: 'tests/a.spec.js',
      message: 'expect(received).toBe(expected) // Object.is equality',
    });
  });

  test('go-junit-report', async () => {
    const cases = await read('go-junit-report');
    expect(outcomes(cases)).toEqual({
      TestAdd: 'passed',
      'TestRemove/last_one': 'failed',
      TestSlow: 'skipped',
      TestVat: 'passed',
    });
    expect(named(cases, 'TestRemove/last_one')).toMatchObject({
      message: 'Failed',
      details: 'cart_test.go:21: got 1, want 0',
    });
  });

  test('gtest: what was not run is skipped', async () => {
    const cases = await read('gtest');
    expect(outcomes(cases)).toEqual({ Adds: 'passed', Removes: 'failed', Skips: 'skipped', DISABLED_Later: 'skipped' });
    expect(named(cases, 'Adds')).toMatchObject({ file: 'cart_test.cc', line: 5 });
  });

  test('jest-junit: todo tests, written as passed and left out of the counts, are skipped', async () => {
    expect(outcomes(await read('jest-junit-todo'))).toEqual({
      'g ok': 'passed',
      'g s': 'skipped',
      'g t': 'skipped',
      'g u': 'skipped',
    });
    expect(outcomes(await read('jest-junit-failed-todo'))).toMatchObject({ 'g bad': 'failed' });
  });

  test('mocha xunit: a failed hook is a failure that its counts leave out', async () => {
    const cases = await read('mocha-xunit');
    expect(outcomes(cases)).toEqual({
      ok: 'passed',
      bad: 'failed',
      s: 'skipped',
      deep: 'passed',
      '"after all" hook for "deep"': 'failed',
    });
    expect(named(cases, 'bad').message).toBe('x');
  });
});
