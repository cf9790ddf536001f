import { describe, expect, it } from 'vitest';
import { AnsiParser, type LogToken } from '../../../webview/report/ansi';

const parse = (...chunks: string[]): LogToken[] => {
  const parser = new AnsiParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
};
const words = (tokens: LogToken[]) => tokens.map((token) => (token.kind === 'text' ? token.text : token.kind));

describe('terminal output', () => {
  it('becomes text with the classes of its colours and styles', () => {
    expect(parse('\u001b[1;31mred\u001b[0m plain \u001b[92;44mb\u001b[39;49mend')).toEqual([
      { kind: 'text', text: 'red', classes: 'fg-red bold' },
      { kind: 'text', text: ' plain ', classes: '' },
      { kind: 'text', text: 'b', classes: 'fg-bright-green bg-blue' },
      { kind: 'text', text: 'end', classes: '' },
    ]);
  });

  it('knows the first sixteen of 256 colours and passes over the rest', () => {
    const classes = parse(
      '\u001b[38;5;1ma\u001b[38;5;9mb\u001b[0m\u001b[38;5;200mc\u001b[48;2;1;2;31md\u001b[48;5;12me',
    ).map((token) => (token.kind === 'text' ? token.classes : ''));
    expect(classes).toEqual(['fg-red', 'fg-bright-red', '', '', 'bg-bright-blue']);
  });

  it('drops every other sequence, links and titles included', () => {
    expect(
      words(parse('\u001b[2J\u001b[1;1Ha\u001b]8;;https://evil\u0007link\u001b]8;;\u001b\\\u001b(B\u0007!')),
    ).toEqual(['a', 'link', '!']);
  });

  it('waits for a sequence that a chunk cuts in two', () => {
    expect(parse('a\u001b[3', '1mb')).toEqual([
      { kind: 'text', text: 'a', classes: '' },
      { kind: 'text', text: 'b', classes: 'fg-red' },
    ]);
  });

  it('does not wait for ever: an endless sequence is dropped, its text is not', () => {
    const parser = new AnsiParser();
    expect(words(parser.feed(`\u001b]0;${'x'.repeat(5000)}`))).toEqual([expect.stringContaining('xxx')]);
  });

  it('tells line ends from a line that is written over', () => {
    expect(words(parse('a\r\nb\nc\rd', '\r', '\ne'))).toEqual([
      'a',
      'newline',
      'b',
      'newline',
      'c',
      'return',
      'd',
      'newline',
      'e',
    ]);
  });

  it('leaves markup as text', () => {
    expect(parse('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'text', text: '<img src=x onerror=alert(1)>', classes: '' },
    ]);
  });

  it('keeps tabs and drops other control characters', () => {
    expect(words(parse('a\tb\u0000\u0008\u009bc'))).toEqual(['a\tbc']);
  });
});
