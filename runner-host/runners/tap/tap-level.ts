import { ReportError } from '../report-error';
import { Diagnostics } from './diagnostics';
import type { Directive, TapLine } from './tap-line';

export interface TapPoint {
  ok: boolean;
  name: string;
  directive: Directive;
  durationMs: number | null;
  diagnostics: Diagnostics;
  /** Of its subtest; null = it has none. */
  children: TapPoint[] | null;
}

const VERSIONS = new Set([12, 13, 14]);

/** The test points of one subtest, or of the whole document, and the plan that they must fit. */
export class TapLevel {
  /** The point that opened it with `{`; null = its point follows. */
  readonly openedBy: TapPoint | null;
  readonly #points: TapPoint[] = [];
  readonly #ids = new Set<number>();
  #lastId = 0;
  #plan: number | null = null;
  #planLast = false;
  #version = false;

  constructor(openedBy: TapPoint | null) {
    this.openedBy = openedBy;
  }

  addVersion(version: number): void {
    if (this.#version || this.#points.length > 0 || this.#plan !== null)
      throw new ReportError('a second document begins in the file');
    if (!VERSIONS.has(version)) throw new ReportError(`TAP version ${version} is not known`);
    this.#version = true;
  }

  addPlan(tests: number): void {
    if (this.#plan !== null) throw new ReportError(`there are two plans: 1..${this.#plan} and 1..${tests}`);
    this.#plan = tests;
    this.#planLast = this.#points.length > 0;
  }

  addPoint(line: Extract<TapLine, { kind: 'point' }>, children: TapPoint[] | null): TapPoint {
    if (this.#planLast) throw new ReportError('a test point follows the plan at the end');
    const id = line.id ?? this.#lastId + 1;
    if (this.#ids.has(id)) throw new ReportError(`there are two test points ${id}`);
    this.#ids.add(id);
    this.#lastId = id;
    const { ok, name, directive, durationMs } = line;
    const point = { ok, name, directive, durationMs, diagnostics: new Diagnostics(), children };
    this.#points.push(point);
    return point;
  }

  /** Throws `ReportError` unless the plan is there and the points are exactly those that it names. */
  close(): TapPoint[] {
    const count = this.#points.length;
    if (this.#plan === null)
      throw new ReportError(`there is no plan for ${count} test points: the file may be cut off`);
    if (this.#plan !== count) throw new ReportError(`the plan says ${this.#plan} tests, but ${count} stand there`);
    const beyond = [...this.#ids].find((id) => id < 1 || id > count);
    if (beyond !== undefined) throw new ReportError(`test point ${beyond} is not in the plan 1..${count}`);
    return this.#points;
  }
}
