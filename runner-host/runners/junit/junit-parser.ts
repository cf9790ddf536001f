import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { CaseResult } from '../../protocol/result';
import { cap, FailureText } from '../case-text';
import { outcomeOfStatus, readClaim, readSeconds } from './attributes';
import { ReportError } from '../report-error';
import { MOST_CASES, NAME_CHARS } from '../report-limits';
import { addTally, checkClaim, emptyTally, type Claim, type Count } from './tally';

const DEEPEST = 64;

/** Characters that XML 1.0 forbids but reporters write (colours in messages). NUL stays: it means a damaged file. */
const FORBIDDEN = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

interface OpenSuite extends Count {
  name: string;
  file: string | null;
  claim: Claim;
  /** Its own passed cases that took no time, and how many cases in it turned out to be todos: see `settleTodos`. */
  idle: CaseResult[];
  todos: number;
}

interface OpenCase {
  result: CaseResult;
  failures: FailureText;
  elements: number;
  /** Whether it was run again. */
  rerun: boolean;
}

/**
 * Strict reader of one JUnit XML document, fed piece by piece. Every `testcase` is counted and compared with what its suites
 * say. Throws `ReportError` from `write` and `close`; cases are good only after `close`.
 */
export class JunitParser {
  readonly cases: CaseResult[] = [];
  readonly #xml = new SaxesParser();
  readonly #path: string[] = [];
  readonly #suites: OpenSuite[] = [];
  #case: OpenCase | undefined;
  #inFailure = false;

  constructor() {
    this.#xml.on('error', (error) => {
      throw new ReportError(`not well-formed XML: ${error.message}`);
    });
    this.#xml.on('doctype', () => {
      throw new ReportError('a document type declaration is not accepted');
    });
    this.#xml.on('opentag', (tag) => this.#open(tag));
    this.#xml.on('closetag', (tag) => this.#close(tag));
    this.#xml.on('text', (text) => this.#text(text));
    this.#xml.on('cdata', (text) => this.#text(text));
  }

  write(text: string): void {
    this.#xml.write(text.replace(FORBIDDEN, '\ufffd'));
  }

  close(): void {
    this.#xml.close();
  }

  #open(tag: SaxesTagPlain): void {
    const parent = this.#path.at(-1);
    this.#path.push(tag.name);
    if (this.#path.length > DEEPEST) throw new ReportError(`elements are nested deeper than ${DEEPEST}`);
    if (parent === undefined && tag.name !== 'testsuites' && tag.name !== 'testsuite') {
      throw new ReportError(`the root element is <${cap(tag.name, 100)}>, not <testsuites> or <testsuite>`);
    }
    if (tag.name === 'testsuites' || tag.name === 'testsuite') this.#openSuite(tag, parent);
    else if (tag.name === 'testcase') this.#openCase(tag, parent);
    else if (parent === 'testcase') this.#openInCase(tag);
  }

  #openSuite(tag: SaxesTagPlain, parent: string | undefined): void {
    if (parent !== undefined && (tag.name === 'testsuites' || (parent !== 'testsuites' && parent !== 'testsuite'))) {
      throw new ReportError(`<${tag.name}> stands inside <${cap(parent, 100)}>`);
    }
    this.#suites.push({
      name: cap(tag.attributes['name'] ?? '', NAME_CHARS),
      file: tag.attributes['file'] ?? tag.attributes['filepath'] ?? null,
      claim: readClaim(cap(tag.attributes['name'] ?? '', 200), tag.attributes),
      own: emptyTally(),
      total: emptyTally(),
      children: { count: 0, negative: 0, skipped: 0 },
      idle: [],
      todos: 0,
    });
  }

  #openCase({ attributes }: SaxesTagPlain, parent: string | undefined): void {
    const suite = this.#suites.at(-1);
    if (suite === undefined || (parent !== 'testsuite' && parent !== 'testsuites')) {
      throw new ReportError(`<testcase> stands inside <${cap(parent ?? '', 100)}>`);
    }
    if (this.cases.length >= MOST_CASES) throw new ReportError(`more than ${MOST_CASES} test cases`);
    const path = this.#suites.map(({ name }) => name).filter((name) => name !== '');
    const line = Number(attributes['line'] ?? '');
    this.#case = {
      result: {
        // node:test writes "test" as the class of every test outside a suite.
        suite: cap(
          attributes['classname'] && attributes['classname'] !== 'test' ? attributes['classname'] : path.join(' > '),
          NAME_CHARS,
        ),
        name: cap(attributes['name'] ?? '', NAME_CHARS),
        outcome: outcomeOfStatus(attributes),
        durationMs: readSeconds(attributes['time']),
        file: attributes['file'] ?? suite.file,
        // pytest counts lines from 0.
        line: Number.isSafeInteger(line) && attributes['line'] ? line + (suite.name === 'pytest' ? 1 : 0) : null,
        message: null,
        details: null,
      },
      failures: new FailureText(),
      elements: 0,
      rerun: false,
    };
  }

  /** Surefire: `flakyFailure` is a test that passed in the end, `rerunFailure` one that failed again. */
  #openInCase(tag: SaxesTagPlain): void {
    const open = this.#case;
    if (open === undefined) return;
    const { result } = open;
    if (/^(flaky|rerun)(Failure|Error)$/.test(tag.name)) open.rerun = true;
    const isError = tag.name === 'error' || tag.name === 'rerunError';
    if (isError || tag.name === 'failure' || tag.name === 'rerunFailure') {
      result.outcome = isError || result.outcome === 'errored' ? 'errored' : 'failed';
      if (tag.name === 'failure' || tag.name === 'error') open.elements += 1;
      open.failures.begin(tag.attributes['message'] ?? tag.attributes['type']);
      this.#inFailure = true;
    } else if (tag.name === 'skipped' && result.outcome === 'passed') {
      result.outcome = 'skipped';
      result.message = tag.attributes['message'] ? cap(tag.attributes['message'], NAME_CHARS) : null;
    }
  }

  #text(text: string): void {
    if (this.#inFailure) this.#case?.failures.add(text);
  }

  #close(tag: SaxesTagPlain): void {
    this.#path.pop();
    if (this.#path.at(-1) === 'testcase') this.#inFailure = false;
    if (tag.name === 'testcase') this.#closeCase();
    else if (tag.name === 'testsuite' || tag.name === 'testsuites') this.#closeSuite();
  }

  #closeCase(): void {
    const open = this.#case;
    const suite = this.#suites.at(-1);
    if (open === undefined || suite === undefined) return;
    this.#case = undefined;
    const { result, failures, elements, rerun } = open;
    const negative = result.outcome === 'failed' || result.outcome === 'errored';
    if (negative) Object.assign(result, { message: failures.message, details: failures.details });
    else if (rerun && result.outcome === 'passed') result.flaky = true;
    const one = { ...emptyTally(), cases: 1, negativeElements: elements, rerun: rerun ? 1 : 0 };
    if (result.outcome !== 'passed') one[result.outcome] = 1;
    addTally(suite.own, one);
    addTally(suite.total, one);
    suite.children.count += 1;
    suite.children.negative += negative ? 1 : 0;
    suite.children.skipped += one.skipped;
    if (result.outcome === 'passed' && result.durationMs === 0) suite.idle.push(result);
    this.cases.push(result);
  }

  #closeSuite(): void {
    const suite = this.#suites.pop();
    if (suite === undefined) return;
    settleTodos(suite);
    checkClaim(suite.name, suite.claim, suite);
    const outer = this.#suites.at(-1);
    if (outer === undefined) return;
    addTally(outer.total, suite.total);
    outer.children.count += 1;
    outer.children.negative += suite.total.failed + suite.total.errored > 0 ? 1 : 0;
    outer.todos += suite.todos;
  }
}

/**
 * jest-junit writes todo tests as passed cases without time, but leaves them out of its counts. Where that alone explains
 * that a suite holds more cases than it says, so many of them are counted as skipped: they were not executed.
 */
function settleTodos(suite: OpenSuite): void {
  const { claim, own, total, children, idle } = suite;
  if (claim.tests === null) return;
  claim.tests += suite.todos;
  if (claim.skipped !== null) claim.skipped += suite.todos;
  const surplus = total.cases - claim.tests;
  if (surplus <= total.failed + total.errored || surplus > idle.length) return;
  if (claim.tests === own.cases || claim.tests === children.count) return;
  for (const result of idle.slice(-surplus)) result.outcome = 'skipped';
  own.skipped += surplus;
  total.skipped += surplus;
  claim.tests += surplus;
  if (claim.skipped !== null) claim.skipped += surplus;
  suite.todos += surplus;
}
