import { describe, expect, test } from 'vitest';
import { readCobertura } from '../../../runner-host/merge/coverage/read-cobertura';
import { fellBelow } from '../../../runner-host/merge/coverage/read-coverage';
import { readLcov } from '../../../runner-host/merge/coverage/read-lcov';

const LCOV = 'TN:\nSF:a.js\nFN:1,f\nFNF:1\nFNH:1\nDA:1,3\nDA:2,0\nBRDA:1,0,0,-\nLF:2\nLH:1\nend_of_record\n';

describe('lcov', () => {
  test('lines of all files', () => {
    expect(readLcov(LCOV + LCOV.replace('a.js', 'b.js'))).toEqual({ covered: 2, total: 4 });
  });

  test('a file in two sections counts once, a line as covered if either hit it', () => {
    const second = 'SF:a.js\nDA:1,0\nDA:2,1\nLF:2\nLH:1\nend_of_record\n';
    expect(readLcov(LCOV + second)).toEqual({ covered: 2, total: 2 });
  });

  test('a report cut off at any byte is never read as less coverage', () => {
    const whole = LCOV + LCOV.replace('a.js', 'b.js');
    const ends = [LCOV.length - 1, LCOV.length, whole.length - 1, whole.length];
    for (let end = 0; end < whole.length; end++) {
      // Right behind a section's end the rest can't be missed.
      if (ends.includes(end)) continue;
      expect(() => readLcov(whole.slice(0, end)), String(end)).toThrow();
    }
  });

  test.each([
    ['sums that are not those of the lines', LCOV.replace('LH:1', 'LH:2')],
    ['no sums', LCOV.replace('LF:2\n', '')],
    ['a count that is none', LCOV.replace('DA:1,3', 'DA:1,-3')],
    ['lines outside of a section', `DA:1,1\n${LCOV}`],
    ['a section in a section', LCOV.replace('LF:2', 'SF:b.js\nLF:2')],
    ['no lines at all', 'SF:a.js\nLF:0\nLH:0\nend_of_record\n'],
    ['nothing', ''],
    ['another kind of file', '{"total": 1}'],
  ])('unreadable: %s', (_what, text) => {
    expect(() => readLcov(text)).toThrow();
  });
});

const COBERTURA = `<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage lines-covered="2" lines-valid="3" line-rate="0.6667"><packages><package name="p"><classes>
<class name="A" filename="a.py"><methods><method name="m"><lines><line number="1" hits="1"/></lines></method></methods>
<lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
<class name="B" filename="b.py"><methods/><lines><line number="1" hits="4"/></lines></class>
</classes></package></packages></coverage>`;

describe('cobertura', () => {
  test('lines of all classes, those of methods not twice', () => {
    expect(readCobertura(COBERTURA)).toEqual({ covered: 2, total: 3 });
  });

  test('a report cut off anywhere is unreadable', () => {
    for (let end = 0; end < COBERTURA.length; end += 7) expect(() => readCobertura(COBERTURA.slice(0, end))).toThrow();
  });

  test.each([
    ['sums that are not those of the lines', COBERTURA.replace('lines-covered="2"', 'lines-covered="3"')],
    ['another kind of document', '<testsuite/>'],
    ['a class without a file', COBERTURA.replace(' filename="a.py"', '')],
    ['a count that is none', COBERTURA.replace('hits="4"', 'hits="many"')],
    ['no line', '<coverage/>'],
  ])('unreadable: %s', (_what, text) => {
    expect(() => readCobertura(text)).toThrow();
  });
});

describe('the ratchet', () => {
  const floor = { covered: 80, total: 100 };
  test.each([
    [{ covered: 80, total: 100 }, 0, false],
    [{ covered: 79, total: 100 }, 0, true],
    [{ covered: 79, total: 100 }, 1, false],
    [{ covered: 789, total: 1000 }, 1, true],
    [{ covered: 8, total: 10 }, 0, false],
  ])('%j with %d points to lose: fell %s', (now, maxDrop, fell) => {
    expect(fellBelow(now, { floor, maxDrop })).toBe(fell);
  });

  test('without a floor nothing falls below it', () => {
    expect(fellBelow({ covered: 0, total: 5 }, { floor: null, maxDrop: 0 })).toBe(false);
  });
});
