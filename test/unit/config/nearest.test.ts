import { expect, test } from 'vitest';
import { editDistance, nearestName } from '../../../extension/config/nearest';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', 'abc', 0],
  ['kitten', 'sitting', 3],
  ['timeuot', 'timeout', 2],
])('from %j to %j it takes %i edits', (from, to, edits) => {
  expect(editDistance(from, to)).toBe(edits);
  expect(editDistance(to, from)).toBe(edits);
});

test('the nearest name ignores case, and is undefined only where no name is known', () => {
  expect(nearestName('TIMEOUT', ['env', 'timeout'])).toBe('timeout');
  expect(nearestName('something else', ['env', 'timeout'])).toBeTypeOf('string');
  expect(nearestName('x', [])).toBeUndefined();
});
