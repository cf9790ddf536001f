import type { CaseResult } from '../../protocol/result';
import { cap, FailureText } from '../case-text';
import { ReportError } from '../report-error';
import { MOST_CASES, NAME_CHARS } from '../report-limits';
import { utf8 } from '../text-lines';
import { textPieces } from '../text-pieces';
import { CtrfJson, type CtrfTest } from './ctrf-json';

/** `other` is what the tool could not call passed, failed or skipped (interrupted, timed out): nothing that passed. */
const OUTCOMES = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
  other: 'errored',
} as const satisfies Record<CtrfTest['status'], CaseResult['outcome']>;

/**
 * Reads one CTRF report. Returns its tests as cases, or throws `ReportError`: no JSON, not CTRF, an unknown status, or a
 * summary that is not what its tests give.
 */
export async function readCtrf(bytes: AsyncIterable<Buffer>): Promise<CaseResult[]> {
  let text = '';
  for await (const piece of textPieces(bytes, utf8)) text += piece;
  const parsed = CtrfJson.safeParse(parse(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ReportError(
      `not a CTRF report: ${issue?.path.join('.') || 'the document'} is missing or not as it must be`,
    );
  }
  const { summary, tests } = parsed.data.results;
  if (tests.length > MOST_CASES) throw new ReportError(`more than ${MOST_CASES} tests`);
  checkSummary(summary, tests);
  return tests.map(toCase);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportError(`not valid JSON: ${(error as Error).message}`);
  }
}

function checkSummary(summary: CtrfJson['results']['summary'], tests: readonly CtrfTest[]): void {
  const found = { tests: tests.length, passed: 0, failed: 0, skipped: 0, pending: 0, other: 0 };
  for (const { status } of tests) found[status] += 1;
  for (const [key, value] of Object.entries(found) as [keyof typeof found, number][]) {
    if (summary[key] !== value)
      throw new ReportError(`the summary says ${key}=${summary[key]}, but ${value} stand there`);
  }
  const flaky = tests.filter((test) => test.flaky === true).length;
  if (summary.flaky !== undefined && summary.flaky !== flaky)
    throw new ReportError(`the summary says flaky=${summary.flaky}, but ${flaky} stand there`);
}

function toCase(test: CtrfTest): CaseResult {
  const outcome = OUTCOMES[test.status];
  const negative = outcome === 'failed' || outcome === 'errored';
  const text = new FailureText();
  text.begin(test.message);
  text.add(test.trace ?? '');
  return {
    suite: cap(typeof test.suite === 'string' ? test.suite : (test.suite ?? []).join(' > '), NAME_CHARS),
    name: cap(test.name, NAME_CHARS),
    outcome,
    durationMs: test.duration ?? null,
    file: test.filePath ?? null,
    line: Number.isSafeInteger(test.line) ? (test.line ?? null) : null,
    message: negative ? text.message : null,
    details: negative ? text.details : null,
    ...(test.flaky === true && outcome === 'passed' ? { flaky: true } : {}),
  };
}
