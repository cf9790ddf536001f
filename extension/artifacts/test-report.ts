import type { TestRunResult } from '../../runner-host/protocol/result';
import type { Evidence } from './evidence';
import { failure, readFrontMatter, type FrontMatterFailure } from './front-matter';
import { shellWords } from './shell-words';
import { reportBody } from './test-report-body';
import { writeFrontMatter } from './write-front-matter';

/** File name of the test report in the item's artifacts folder. */
export const TEST_REPORT = '13-test-report.md';

export interface TestReportInput {
  item: { id: string; title: string };
  result: TestRunResult;
  /** PASS | FAIL | INCONCLUSIVE; null where the run says nothing about the code. */
  verdict: string | null;
  /** Why, in a sentence. */
  reason: string;
  head: string;
  tree: string;
  base: string;
  /** Least number of executed tests that was demanded; null = none. */
  floor: number | null;
  /** Where the floor comes from. */
  floorSource: string;
  producer: string;
  /** What the verdict rests on besides the run. */
  evidence?: Evidence | undefined;
}

/** Words of `result`, `status` and `verdict`. PASS alone can open a gate. */
const WORDS = ['PASS', 'FAIL', 'INCONCLUSIVE', 'INFRA'] as const;
export type TestReportWord = (typeof WORDS)[number];

export interface TestReportFields {
  result: TestReportWord;
  status: TestReportWord;
  verdict: TestReportWord;
  run: string;
  tree: string;
  head: string;
  base: string;
  command: string;
  /** sha256 (hex) of the run's environment; null where the command was never started. */
  environment: string | null;
  exit_code: number | null;
  tests: number | null;
  failed: number | null;
  skipped: number | null;
  duration_ms: number;
  started_at: string;
  producer: string;
}

/**
 * The text of the report: a function of its input alone, byte for byte the same whenever it is written again.
 * PASS is written only for a suite that ran, ended with 0 and left no report that says otherwise, whatever verdict comes in.
 */
export function writeTestReport(input: TestReportInput): string {
  const { result } = input;
  const { supervision } = result;
  const word = { plain: wordOf(input) };
  const counts = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : null;
  const machine = writeFrontMatter([
    ['result', word],
    ['status', word],
    ['verdict', word],
    ['run', result.run],
    ['tree', input.tree],
    ['head', input.head],
    ['base', input.base],
    ['command', shellWords(supervision.resolvedCommand)],
    ['environment', result.environment?.hash ?? null],
    ['exit_code', supervision.exitCode],
    ['tests', counts?.tests ?? null],
    ['failed', counts ? counts.failed + counts.errored : null],
    ['skipped', counts?.skipped ?? null],
    ['duration_ms', supervision.durationMs],
    ['started_at', isoTime(supervision.startedAt)],
    ['producer', input.producer],
  ]);
  return `${machine}\n${reportBody(input, word.plain)}`;
}

function wordOf({ result, verdict }: TestReportInput): TestReportWord {
  if (verdict === 'FAIL') return 'FAIL';
  if (result.status !== 'suite-ran') return 'INFRA';
  return verdict === 'PASS' && mayPass(result) ? 'PASS' : 'INCONCLUSIVE';
}

function mayPass({ report, supervision, smoke = [] }: TestRunResult & { status: 'suite-ran' }): boolean {
  if (supervision.exitCode !== 0 || smoke.some(({ outcome }) => outcome !== 'right')) return false;
  return report.state === 'not-configured' || (report.state === 'read' && report.failed + report.errored === 0);
}

/** The machine keys of a report, or why they cannot be had. Every key must be there, once, with a value of its kind. */
export function readTestReport(
  content: string | Uint8Array,
): { ok: true; fields: TestReportFields } | FrontMatterFailure {
  const front = readFrontMatter(content);
  if (!front.ok) return front;
  try {
    return { ok: true, fields: readFields(front.fields) };
  } catch (error) {
    if (error instanceof FieldError) return failure(error.code, error.message);
    throw error;
  }
}

class FieldError extends Error {
  constructor(
    readonly code: 'missing-key' | 'unknown-value',
    message: string,
  ) {
    super(message);
  }
}

function readFields(fields: ReadonlyMap<string, string>): TestReportFields {
  const text = (key: string): string => {
    const value = fields.get(key);
    if (value === undefined) throw new FieldError('missing-key', `its front matter has no text under the key "${key}"`);
    return value;
  };
  const unknown = (key: string): FieldError =>
    new FieldError('unknown-value', `its key "${key}" has the unknown value ${JSON.stringify(text(key).slice(0, 60))}`);
  const word = (key: string): TestReportWord => {
    const known = WORDS.find((each) => each === text(key));
    if (known === undefined) throw unknown(key);
    return known;
  };
  const whole = (key: string): number => {
    if (!/^-?[0-9]{1,15}$/.test(text(key))) throw unknown(key);
    return Number(text(key));
  };
  const count = (key: string): number | null => (text(key) === 'null' ? null : whole(key));
  return {
    result: word('result'),
    status: word('status'),
    verdict: word('verdict'),
    run: text('run'),
    tree: text('tree'),
    head: text('head'),
    base: text('base'),
    command: text('command'),
    environment: text('environment') === 'null' ? null : text('environment'),
    exit_code: count('exit_code'),
    tests: count('tests'),
    failed: count('failed'),
    skipped: count('skipped'),
    duration_ms: whole('duration_ms'),
    started_at: text('started_at'),
    producer: text('producer'),
  };
}

/** A time outside what a date can hold is shown as its number instead of ending the report. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
