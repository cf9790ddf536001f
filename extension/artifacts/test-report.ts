import type { TestRunResult } from '../../runner-host/protocol/result';
import type { Evidence } from './evidence';
import type { FrontMatterFailure } from './front-matter';
import { isoTime } from './iso-time';
import { readFields } from './read-fields';
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
  return readFields(content, ({ text, word, whole, count }) => ({
    result: word('result', WORDS),
    status: word('status', WORDS),
    verdict: word('verdict', WORDS),
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
  }));
}
