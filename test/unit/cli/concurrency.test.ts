import { expect, test } from 'vitest';
import { concurrencyOf } from '../../../extension/cli/concurrency';

test.each([
  [undefined, null],
  ['', null],
  ['1', 1],
  ['16', 16],
])('INTERLOCK_CONCURRENCY=%s means %s', (text, meant) => {
  expect(concurrencyOf(text === undefined ? {} : { INTERLOCK_CONCURRENCY: text })).toBe(meant);
});

test.each(['0', '-1', '1.5', '2x', 'many', '1e3', '99999'])(
  'INTERLOCK_CONCURRENCY=%s is refused and says what it may be',
  (text) => {
    expect(() => concurrencyOf({ INTERLOCK_CONCURRENCY: text })).toThrow(`INTERLOCK_CONCURRENCY is "${text}"`);
  },
);
