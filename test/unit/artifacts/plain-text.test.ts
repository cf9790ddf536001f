import { expect, test } from 'vitest';
import { codeSpan, fenced, prose } from '../../../extension/artifacts/markdown';
import { plainLine, plainText } from '../../../extension/artifacts/plain-text';
import { shellWords } from '../../../extension/artifacts/shell-words';

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b[38;5;196mred\u001b[m', 'red'],
  ['\u009b31mred', 'red'],
  ['\u001b]8;;http://evil\u0007link\u001b]8;;\u001b\\', 'link'],
  ['\u001bP1;2|data\u001b\\after', 'after'],
  ['\u001b(B\u001b=x\u001bc', 'x'],
  ['open \u001b]0;no end', 'open ␛]0;no end'],
  ['cut \u001b[', 'cut ␛['],
  ['\u0000\u0007\u0008\u007f', '␀␇␈␡'],
  ['a\r\nb\rc', 'a\nb\nc'],
  ['tab\tkept', 'tab\tkept'],
  ['\u202egnp.exe', '<U+202E>gnp.exe'],
  ['zero\u200bwidth\ufeff\u2028', 'zero<U+200B>width<U+FEFF><U+2028>'],
  ['\u0085\u009c', '<U+0085><U+009C>'],
  ['half \ud83d of a pair', 'half \ufffd of a pair'],
  ['Grüße 🙂 日本', 'Grüße 🙂 日本'],
])('%j is shown as %j', (text, shown) => {
  expect(plainText(text)).toBe(shown);
});

test('one line stays one line', () => {
  expect(plainLine(' a\n  b\r\n\tc\rd ')).toBe('a b c d');
});

test.each([
  ['plain', '`plain`'],
  ['', '`(empty)`'],
  ['`', '`` ` ``'],
  ['a``b', '```a``b```'],
  ['two\nlines', '`two lines`'],
])('%j as inline code: %s', (text, code) => {
  expect(codeSpan(text)).toBe(code);
});

test('a fence is longer than every run of backticks in it', () => {
  expect(fenced('a')).toBe('```text\na\n```');
  expect(fenced('```\n````js\n# x\n`````')).toBe('``````text\n```\n````js\n# x\n`````\n``````');
});

test('prose brings no markup to life', () => {
  expect(prose('<b>*x*</b> [a](javascript:x) `c` | d & @team http://evil #1')).toBe(
    '\\<b\\>\\*x\\*\\</b\\> \\[a\\](javascript:x) \\`c\\` \\| d \\& \\@team http:\\//evil #1',
  );
});

test('a command is shown as it would be typed', () => {
  expect(shellWords(['/usr/bin/npm', 'test', '--', "it's", 'a b', '$HOME', ''])).toBe(
    "/usr/bin/npm test -- 'it'\\''s' 'a b' '$HOME' ''",
  );
});
