import { plainLine } from './plain-text';

/** A suite may write for ever without a newline: beyond this a line is cut, in characters. */
const LONGEST_LINE = 4096;

/**
 * Makes lines out of chunks of output. Lines are cleaned only once they are whole, because an escape sequence may be split
 * between two chunks and each half alone would look harmless.
 */
export class OutputLines {
  private pending = '';

  /** The lines that this chunk completes. */
  push(chunk: string): string[] {
    const parts = (this.pending + chunk).split(/\r\n|\n|\r(?!$)/);
    this.pending = parts.pop() ?? '';
    if (this.pending.length > LONGEST_LINE) {
      parts.push(this.pending);
      this.pending = '';
    }
    return parts.map((part) => plainLine(part.slice(0, LONGEST_LINE)));
  }

  /** What stands after the last newline, if anything. */
  end(): string[] {
    const last = plainLine(this.pending);
    this.pending = '';
    return last ? [last] : [];
  }
}
