import { TextDecoder } from 'node:util';
import { ReportError } from './report-error';
import { textPieces } from './text-pieces';

/**
 * The lines of a UTF-8 text without their ends, in groups. Throws `ReportError`, besides what `textPieces` throws, for a last
 * line without an end: it may be cut off.
 */
export async function* textLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of textPieces(bytes, utf8)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
  if (rest !== '') throw new ReportError('the last line has no end: the file is cut off');
}

export const utf8 = (): TextDecoder => new TextDecoder('utf-8', { fatal: true });
