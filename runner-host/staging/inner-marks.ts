import type { InnerMarks } from '../ssh/staging-evidence';

/** The longest that follows a mark: ` end 255` and a line feed. */
const AFTER_MARK = 16;

/** What the inner shell prints in front of a word: on a line of its own, wherever the suite's output stands. */
export const markOf = (cookie: string): string => `@ilk-${cookie}`;

/**
 * Looks for the marks of a container suite in its log, in whatever pieces it comes, wherever they stand in it: a late word of the
 * engine may follow the last one. A mark that the suite prints itself gains nothing: the engine's code must be the same.
 */
export class InnerScanner {
  readonly #mark: Buffer;
  #rest: Buffer = Buffer.alloc(0);
  #found: InnerMarks = { started: false, endCode: null };

  constructor(mark: string) {
    this.#mark = Buffer.from(`\n${mark} `);
  }

  get marks(): InnerMarks {
    return this.#found;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(this.#mark); at !== -1; at = bytes.indexOf(this.#mark, from)) {
      const word = at + this.#mark.length;
      const line = bytes.toString('latin1', word, word + AFTER_MARK);
      if (!line.includes('\n') && line.length < AFTER_MARK) {
        // The rest of the line is still to come.
        from = at;
        break;
      }
      this.#read(line);
      from = word;
    }
    const keep = Math.max(from, bytes.length - this.#mark.length - AFTER_MARK);
    this.#rest = Buffer.from(bytes.subarray(keep));
  }

  #read(line: string): void {
    if (/^start\r?\n/.test(line)) this.#found = { ...this.#found, started: true };
    const code = /^end (\d{1,3})\r?\n/.exec(line)?.[1];
    if (code !== undefined) this.#found = { ...this.#found, endCode: Number(code) };
  }
}
