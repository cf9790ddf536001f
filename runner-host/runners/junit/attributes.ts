import type { CaseResult } from '../../protocol/result';
import { ReportError } from '../report-error';
import type { Claim } from './tally';

type Attributes = Readonly<Record<string, string>>;

/** What a `testsuite` or `testsuites` says of itself. Throws `ReportError` on a figure that is none. */
export function readClaim(suite: string, attributes: Attributes): Claim {
  const figure = (...names: string[]): number | null => {
    const text = names.map((name) => attributes[name]).find((value) => value !== undefined && value.trim() !== '');
    if (text === undefined) return null;
    if (!/^\s*\d{1,9}\s*$/.test(text))
      throw new ReportError(`suite "${suite}" says ${names[0]}="${text.slice(0, 50)}"`);
    return Number(text);
  };
  return {
    tests: figure('tests'),
    failures: figure('failures'),
    errors: figure('errors'),
    skipped: figure('skipped', 'skips'),
    disabled: figure('disabled'),
  };
}

/** gtest and CTest say by an attribute what others say by an element; a case that was not run is not a passed one. */
export function outcomeOfStatus(attributes: Attributes): CaseResult['outcome'] {
  const words = [attributes['status'], attributes['result']].map((word) => word?.toLowerCase());
  if (words.some((word) => word === 'fail' || word === 'failed' || word === 'failure')) return 'failed';
  if (words.some((word) => word === 'error' || word === 'errored')) return 'errored';
  return words.some((word) => word !== undefined && NOT_RUN.has(word)) ? 'skipped' : 'passed';
}
const NOT_RUN = new Set(['notrun', 'not run', 'disabled', 'suppressed', 'skipped', 'ignored', 'pending']);

/** Seconds as JUnit writes them (some with a thousands separator) in ms, or null. */
export function readSeconds(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const seconds = Number(text.replaceAll(',', ''));
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
