import { expect, test } from 'vitest';
import { nearest } from '../../../extension/cli/nearest';

test('the nearest name wins, without regard to case', () => {
  expect(nearest('demo-2', ['DEMO-1', 'DEMO-2', 'OTHER-2'])).toBe('DEMO-2');
  expect(nearest('sttaus', ['list', 'status', 'show'])).toBe('status');
});

test('a name of which less than half is right is no guess', () => {
  expect(nearest('xyz', ['list', 'show'])).toBeUndefined();
  expect(nearest('x'.repeat(1_000_000), ['list'])).toBeUndefined();
});
