import type { CaseResult } from '../../protocol/result';
import { cap } from '../case-text';
import { ReportError } from '../report-error';
import { NAME_CHARS } from '../report-limits';
import { textLines } from '../text-lines';
import type { TapPoint } from './tap-level';
import { TapParser } from './tap-parser';

/**
 * Reads one TAP 13 or 14 document. Returns its test points as cases: of a point with a subtest those of the subtest. Throws
 * `ReportError`: cut off, no plan or two, a count that is not the plan's, `Bail out!`, or a point that passed over failures.
 */
export async function readTap(bytes: AsyncIterable<Buffer>): Promise<CaseResult[]> {
  const parser = new TapParser();
  for await (const lines of textLines(bytes)) for (const line of lines) parser.add(line);
  const cases: CaseResult[] = [];
  for (const point of parser.close()) addCases(cases, point, [], false);
  return cases;
}

/** @param excused whether it stands under a todo, whose failures count as not run */
function addCases(cases: CaseResult[], point: TapPoint, path: readonly string[], excused: boolean): void {
  const outcome = outcomeOf(point, excused);
  if (point.children === null || point.children.length === 0) {
    // node:test writes a point for a suite without tests too.
    if (outcome === 'passed' && point.diagnostics.value('type') === 'suite') return;
    cases.push(toCase(point, path, outcome));
    return;
  }
  const from = cases.length;
  for (const child of point.children) addCases(cases, child, [...path, point.name], excused || outcome === 'skipped');
  const negative = cases.slice(from).some((one) => one.outcome === 'failed' || one.outcome === 'errored');
  if (outcome === 'passed' && negative)
    throw new ReportError(`"${cap(point.name, 200)}" says ok, but a test in it failed`);
  // It failed by itself: a hook, or what it did beside its subtests.
  if (outcome === 'failed' && !negative) cases.push(toCase(point, path, 'errored'));
}

/** A todo was not asked to pass; a skipped one that is not ok failed all the same. */
function outcomeOf({ ok, directive }: TapPoint, excused: boolean): CaseResult['outcome'] {
  if (directive === 'todo' || (directive === 'skip' && ok)) return 'skipped';
  if (ok) return 'passed';
  return excused ? 'skipped' : 'failed';
}

function toCase(point: TapPoint, path: readonly string[], outcome: CaseResult['outcome']): CaseResult {
  const { diagnostics } = point;
  const negative = outcome === 'failed' || outcome === 'errored';
  const place = diagnostics.place;
  return {
    suite: cap(path.join(' > '), NAME_CHARS),
    name: cap(point.name, NAME_CHARS),
    outcome,
    durationMs: diagnostics.durationMs ?? point.durationMs,
    file: place?.file ?? null,
    line: place?.line ?? null,
    message: negative ? diagnostics.message : null,
    details: negative ? diagnostics.details : null,
  };
}
