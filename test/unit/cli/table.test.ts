import { describe, expect, test } from 'vitest';
import { age, duration, stamp } from '../../../extension/cli/age';
import { displayWidth } from '../../../extension/cli/display-width';
import { facts } from '../../../extension/cli/facts';
import { table } from '../../../extension/cli/table';
import { NOW } from './rows';

const texts = (lines: { text: string }[]): string[] => lines.map(({ text }) => text);

describe('a table', () => {
  test('aligns its columns by what a terminal shows, not by characters', () => {
    const rows = [{ cells: ['日本', 'x', 'one'] }, { cells: ['a', 'yy', 'two'] }];
    expect(texts(table(['ID', 'S', 'TITLE'], rows))).toEqual(['ID    S   TITLE', '日本  x   one', 'a     yy  two']);
  });

  test('cuts only the last column, and only for a terminal', () => {
    const rows = [{ cells: ['DEMO-1', 'a title that is much longer than the terminal is wide'] }];
    expect(Math.max(...table(['ID', 'TITLE'], rows, 40).map(({ text }) => displayWidth(text)))).toBeLessThan(40);
    expect(texts(table(['ID', 'TITLE'], rows))[1]).toContain('the terminal is wide');
  });

  test('a cell with a line end stays one line', () => {
    expect(texts(table(['ID', 'TITLE'], [{ cells: ['A', 'x\nB  forged'] }]))).toHaveLength(2);
  });
});

test('facts without a value are left out, the others stand under each other', () => {
  expect(
    texts(
      facts([
        ['reason', 'red'],
        ['next try', null],
        ['turn', 'a person'],
      ]),
    ),
  ).toEqual(['  reason  red', '  turn    a person']);
});

test.each([
  [0, 'just now'],
  [30_000, '30 s ago'],
  [3 * 60_000, '3 min ago'],
  [26 * 3_600_000, '26 h ago'],
  [5 * 86_400_000, '5 days ago'],
  [40 * 86_400_000, 'on 2026-02-02'],
  [-2 * 60_000, 'in 2 min'],
])('%i ms before now reads "%s"', (before, text) => {
  expect(age(NOW - before, NOW)).toBe(text);
});

test.each([
  [0, '0 s'],
  [850, '850 ms'],
  [12_340, '12.3 s'],
  [185_000, '3 min 5 s'],
  [7_800_000, '2 h 10 min'],
])('%i ms last "%s"', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a moment in the audit trail is told to the second', () => {
  expect(stamp(new Date(2026, 2, 4, 5, 6, 7).getTime())).toBe('2026-03-04 05:06:07');
});
