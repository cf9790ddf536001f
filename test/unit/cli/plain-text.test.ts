import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, fitWidth, padWidth } from '../../../extension/cli/display-width';
import { line, paint } from '../../../extension/cli/line';
import { OutputLines } from '../../../extension/cli/output-lines';
import { plainJson, plainLine, plainLines } from '../../../extension/cli/plain-text';

const ESC = '\u001b';
const HOSTILE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

describe('a line that anybody may have written', () => {
  test.each([
    ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['moves of the cursor', `a${ESC}[2Kb${ESC}[1Ac`, 'abc'],
    ['a window title', `${ESC}]0;owned\u0007text`, 'text'],
    ['a link', `${ESC}]8;;http://evil.example\u0007here${ESC}]8;;\u0007`, 'here'],
    ['an overwriting carriage return', 'FAIL\rPASS', 'FAIL PASS'],
    ['a line end that would forge a second line', 'title\nDEMO-2  PASS', 'title DEMO-2  PASS'],
    ['the C1 form of an escape', 'a\u009b2Kb', 'ab'],
    ['marks that reorder text', 'abc\u202edef', 'abc def'],
    ['a bell and a null', 'a\u0007\u0000b', 'a b'],
    ['tabs', 'a\tb', 'a  b'],
  ])('loses %s', (_, text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });

  test('holds nothing that a terminal obeys, whatever went in', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ESC, '[', '3', '1', 'm', ']', '\r', '\n', '\u009b', '\u202e', '\u0007', '\\'),
    });
    fc.assert(
      fc.property(text, (raw) => !HOSTILE.test(plainLine(raw)) && plainLines(raw).every((each) => !HOSTILE.test(each))),
    );
  });

  test('is made safe by the one function that prints, before it is coloured', () => {
    expect(paint(line(`a${ESC}[2Jb`, 'bad'), false)).toBe('ab');
    expect(paint(line(`a${ESC}[2Jb`, 'bad'), true)).toBe(`${ESC}[31mab${ESC}[39m`);
  });
});

test('JSON keeps every character as an escape and none as itself', () => {
  const value = { text: `a${ESC}[2J\u009b\u202e\u2028\n"\\` };
  const json = plainJson(value);
  expect(HOSTILE.test(json)).toBe(false);
  expect(JSON.parse(json)).toEqual(value);
});

describe('lines out of chunks', () => {
  test('an escape sequence that is split between chunks is still removed', () => {
    const lines = new OutputLines();
    expect([...lines.push(`ok ${ESC}`), ...lines.push('[31mred\n')]).toEqual(['ok red']);
  });

  test('a line end that is split between chunks is one line end', () => {
    const lines = new OutputLines();
    expect([...lines.push('a\r'), ...lines.push('\nb\r\nc'), ...lines.end()]).toEqual(['a', 'b', 'c']);
  });

  test('a suite that never ends its line is cut, and does not fill the memory', () => {
    const lines = new OutputLines();
    const all = Array.from({ length: 100 }, () => lines.push('x'.repeat(1000))).flat();
    expect(Math.max(...all.map((text) => text.length))).toBeLessThanOrEqual(4096);
    expect(lines.end().join('').length).toBeLessThanOrEqual(4096);
  });

  test('what stands after the last line end is shown at the end', () => {
    const lines = new OutputLines();
    expect([...lines.push('last words'), ...lines.end(), ...lines.end()]).toEqual(['last words']);
  });
});

describe('widths in terminal cells', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👍', 2],
  ])('%s takes %i', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });

  test('a cut text fits and says that it was cut', () => {
    expect([fitWidth('日本語', 4), fitWidth('abcdef', 4), fitWidth('abc', 3), fitWidth('abc', 0)]).toEqual([
      '日…',
      'abc…',
      'abc',
      '',
    ]);
    expect(padWidth('日本', 6)).toBe('日本  ');
  });
});
