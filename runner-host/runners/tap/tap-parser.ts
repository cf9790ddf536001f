import { ReportError } from '../report-error';
import { MOST_CASES } from '../report-limits';
import type { Diagnostics } from './diagnostics';
import { TapLevel, type TapPoint } from './tap-level';
import { tapLine, type TapLine } from './tap-line';

const INDENT = 4;
const DEEPEST = 64;

/**
 * Strict reader of one TAP 13 or 14 document, fed line by line: every test point is counted and compared with the plan of its
 * level. What programs print in between is passed over; what looks like TAP is taken as such, so that a printed `ok` makes the
 * count wrong and never right. Throws `ReportError` from `add` and `close`.
 */
export class TapParser {
  readonly #levels = [new TapLevel(null)];
  #points = 0;
  /** The point of the line before, which a block or a subtest in braces may follow, and the indentation of that line. */
  #last: { point: TapPoint; indent: number; opens: boolean } | null = null;
  #block: { indent: number; diagnostics: Diagnostics } | null = null;

  add(line: string): void {
    if (this.#block !== null) return this.#addToBlock(line, this.#block);
    const text = line.trimStart();
    const indent = line.length - text.length;
    const read = tapLine(text.trimEnd());
    const last = this.#last;
    this.#last = null;
    if (read.kind === 'block') {
      if (last !== null && indent > last.indent) this.#block = { indent, diagnostics: last.point.diagnostics };
      return;
    }
    if (read.kind === 'plan' && last?.opens && indent === last.indent + INDENT) this.#openBrace(last.point);
    if (read.kind === 'bail-out') throw new ReportError(`the suite gave up: Bail out! ${read.reason}`.trim());
    else if (read.kind === 'close') this.#closeBrace(indent);
    else if (read.kind !== 'other' && indent % INDENT === 0) this.#addAt(indent / INDENT, read);
  }

  /** The points of the top level. */
  close(): TapPoint[] {
    if (this.#block !== null) throw new ReportError('the last diagnostic block does not end: the file is cut off');
    if (this.#levels.length > 1 || this.#last?.opens)
      throw new ReportError('a subtest does not end: the file is cut off');
    return this.#top.close();
  }

  get #top(): TapLevel {
    return this.#levels.at(-1) as TapLevel;
  }

  #addAt(depth: number, line: Extract<TapLine, { kind: 'version' | 'plan' | 'point' }>): void {
    // Deeper than a subtest could be: printed by a program.
    if (depth > this.#levels.length) return;
    if (depth === this.#levels.length) {
      if (depth >= DEEPEST) throw new ReportError(`subtests are nested deeper than ${DEEPEST}`);
      this.#levels.push(new TapLevel(null));
    }
    const children = depth === this.#levels.length - 2 ? this.#closeSubtest(line) : null;
    if (depth !== this.#levels.length - 1) throw new ReportError('a subtest has no test point of its own');
    if (line.kind === 'version') return this.#top.addVersion(line.version);
    if (line.kind === 'plan') return this.#top.addPlan(line.tests);
    this.#points += 1;
    if (this.#points > MOST_CASES) throw new ReportError(`more than ${MOST_CASES} test points`);
    const point = this.#top.addPoint(line, children);
    this.#last = { point, indent: depth * INDENT, opens: line.opens };
  }

  /** The level above goes on: what was written before it belongs to the point that follows. */
  #closeSubtest(line: TapLine): TapPoint[] {
    const open = this.#top;
    if (line.kind !== 'point' || open.openedBy !== null)
      throw new ReportError('a subtest has no test point of its own');
    this.#levels.pop();
    return open.close();
  }

  #openBrace(point: TapPoint): void {
    point.name = point.name.replace(/\s*\{$/, '');
    this.#levels.push(new TapLevel(point));
  }

  /** `}` ends a subtest that its point opened with `{`; elsewhere it is a program's. */
  #closeBrace(indent: number): void {
    const open = this.#top;
    if (open.openedBy === null || indent !== (this.#levels.length - 2) * INDENT) return;
    this.#levels.pop();
    open.openedBy.children = open.close();
  }

  #addToBlock(line: string, { indent, diagnostics }: { indent: number; diagnostics: Diagnostics }): void {
    const text = line.trim();
    const own = line.length - line.trimStart().length;
    if (text !== '' && own < indent) throw new ReportError('a diagnostic block does not end');
    if (text === '...' && own === indent) this.#block = null;
    else diagnostics.add(line.slice(indent));
  }
}
