import { expect, test } from 'vitest';
import { parseDuration } from '../../../extension/config/duration';

test.each([
  ['500ms', 500],
  ['3s', 3_000],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['0s', 0],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '3', 's', '3 s', '-3s', '3.5s', '3S', '3sec', '1m30s', '٣s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
