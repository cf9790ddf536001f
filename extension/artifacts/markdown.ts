import { clip, plainLine, plainText } from './plain-text';

const LINE_CHARACTERS = 400;

/** One line of anybody's text as inline code: nothing in it is markup. */
export function codeSpan(text: string): string {
  const line = plainLine(clip(text, LINE_CHARACTERS)) || '(empty)';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** One line of anybody's text as prose: marks, links, references and table cells do not come alive. */
export function prose(text: string): string {
  return plainLine(clip(text, LINE_CHARACTERS))
    .replace(/[\\`*_[\]<>&|~@]/g, '\\$&')
    .replaceAll('://', ':\\//');
}

/** Lines of anybody's text as a code block, whose fence is longer than any in the text. */
export function fenced(text: string, language = 'text'): string {
  const plain = plainText(text).replace(/^\n+|\s+$/g, '');
  const fence = '`'.repeat(Math.max(3, longestRun(plain) + 1));
  return `${fence}${language}\n${plain}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
