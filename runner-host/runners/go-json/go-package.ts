import type { CaseResult } from '../../protocol/result';
import { cap, FailureText } from '../case-text';
import { ReportError } from '../report-error';
import { NAME_CHARS } from '../report-limits';
import type { GoEvent } from './go-event';

interface GoTest {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped' | null;
  seconds: number | null;
  text: FailureText;
  /** Whether tests stand in it, and whether one of them failed. */
  parent: boolean;
  failedInside: boolean;
}

const OUTCOMES = { pass: 'passed', bench: 'passed', fail: 'failed', skip: 'skipped' } as const;
/** What go says about a test's course, besides what the test says. */
const MARKS = /^\s*(=== |--- )/;

/** The tests of one package, fed event by event. */
export class GoPackage {
  readonly #name: string;
  /** In the order of their start; `-count` runs a test several times. */
  readonly #tests: GoTest[] = [];
  readonly #open = new Map<string, GoTest>();
  readonly #text = new FailureText();
  #end: keyof typeof OUTCOMES | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  get failed(): boolean {
    return this.#end === 'fail';
  }

  /** Throws `ReportError` for an event that can't follow those before it. */
  add({ Action: action, Test: name, Elapsed: seconds, Output: output }: GoEvent): void {
    if (this.ended) throw new ReportError(`package ${this.#name} goes on after its end`);
    if (action === 'output') return this.#addOutput(name, output ?? '');
    if (action === 'run') return this.#run(name);
    if (!(action in OUTCOMES)) return;
    const end = action as keyof typeof OUTCOMES;
    if (name === undefined) this.#end = end;
    else this.#endTest(name, OUTCOMES[end], seconds ?? null);
  }

  /** What go says of a package without events. */
  failWithout(why: string): void {
    this.add({ Action: 'output', Output: why });
    this.add({ Action: 'fail' });
  }

  /** Its tests without those in which others stand. `built`: what the compiler said, for a package that failed in it. */
  cases(built: string | null): CaseResult[] {
    if (this.#end === 'pass' && this.#open.size > 0)
      throw new ReportError(
        `test ${[...this.#open.keys()][0]} of the passed package ${this.#name} has no end ` +
          '(go before version 1.20 loses it where a test prints without a line end)',
      );
    const cases = this.#tests.flatMap((test) => this.#caseOf(test));
    const negative = cases.some(({ outcome }) => outcome === 'failed' || outcome === 'errored');
    if (negative && !this.failed) throw new ReportError(`package ${this.#name} passed, but a test in it failed`);
    if (negative || !this.failed) return cases;
    if (built !== null) this.#text.add(built);
    return [...cases, this.#toCase('the package', 'errored', null, this.#text)];
  }

  #run(name: string | undefined): void {
    if (name === undefined) throw new ReportError(`a test without a name runs in ${this.#name}`);
    if (this.#open.has(name)) throw new ReportError(`test ${name} of ${this.#name} starts twice`);
    const test: GoTest = {
      name,
      outcome: null,
      seconds: null,
      text: new FailureText(),
      parent: false,
      failedInside: false,
    };
    this.#open.set(name, test);
    this.#tests.push(test);
    const parent = this.#parentOf(name);
    if (parent !== undefined) parent.parent = true;
  }

  #addOutput(name: string | undefined, text: string): void {
    const to = name === undefined ? this.#text : this.#open.get(name)?.text;
    if (!MARKS.test(text)) to?.add(text);
  }

  #endTest(name: string, outcome: GoTest['outcome'], seconds: number | null): void {
    const test = this.#open.get(name);
    if (test === undefined) throw new ReportError(`test ${name} of ${this.#name} ends without a start`);
    if (test.failedInside && outcome !== 'failed')
      throw new ReportError(`test ${name} of ${this.#name} did not fail, but a test in it did`);
    this.#open.delete(name);
    Object.assign(test, { outcome, seconds });
    const parent = this.#parentOf(name);
    if (outcome === 'failed' && parent !== undefined) parent.failedInside = true;
  }

  /** `TestA` of `TestA/sub/deep`, where `TestA/sub` is no test: a name may hold a slash of its own. */
  #parentOf(name: string): GoTest | undefined {
    for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1)) {
      const parent = this.#open.get(name.slice(0, at));
      if (parent !== undefined) return parent;
    }
    return undefined;
  }

  #caseOf(test: GoTest): CaseResult[] {
    const { name, outcome, seconds, text, parent, failedInside } = test;
    if (outcome === null) {
      text.begin('the test did not end');
      return parent && failedInside ? [] : [this.#toCase(name, 'errored', seconds, text)];
    }
    if (parent && (outcome !== 'failed' || failedInside)) return [];
    return [this.#toCase(name, outcome, seconds, text)];
  }

  #toCase(name: string, outcome: CaseResult['outcome'], seconds: number | null, text: FailureText): CaseResult {
    const negative = outcome === 'failed' || outcome === 'errored';
    return {
      suite: cap(this.#name, NAME_CHARS),
      name: cap(name, NAME_CHARS),
      outcome,
      durationMs: seconds !== null && seconds >= 0 ? seconds * 1000 : null,
      file: null,
      line: null,
      message: negative ? text.message : null,
      details: negative ? text.details : null,
    };
  }
}
