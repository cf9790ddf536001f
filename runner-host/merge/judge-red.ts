import type { TestRunResult } from '../protocol/result';

/**
 * Whether base's commit fails in the same way: every failure of the candidate fails there too, or, where no test is named, with the
 * same exit code. Null: base could not say.
 */
export function failsOnBaseToo(candidate: TestRunResult, base: TestRunResult): boolean | null {
  if (candidate.status !== 'suite-ran' || base.status !== 'suite-ran') return null;
  const ours = namesOf(candidate);
  const theirs = namesOf(base);
  if (ours.length === 0 && theirs.length === 0)
    return base.supervision.exitCode !== 0 && base.supervision.exitCode === candidate.supervision.exitCode;
  const known = new Set(theirs);
  return ours.length > 0 && ours.every((name) => known.has(name));
}

function namesOf({ report }: Extract<TestRunResult, { status: 'suite-ran' }>): string[] {
  if (report.state !== 'read') return [];
  return report.failures.map(({ file, suite, name }) => JSON.stringify([file, suite, name]));
}

/** One line for people. */
export function redDetail(result: TestRunResult): string {
  if (result.status !== 'suite-ran') return result.detail;
  const { report, supervision } = result;
  const how = supervision.signal ?? `exit code ${supervision.exitCode ?? 'none'}`;
  switch (report.state) {
    case 'read':
      return `${report.failed + report.errored} of ${report.tests} tests failed (${how})`;
    case 'missing':
      return `the suite wrote no report at ${report.path} (${how})`;
    case 'unreadable':
      return `its report ${report.path} can't be read: ${report.reason} (${how})`;
    case 'not-configured':
      return `the suite ended with ${how}`;
  }
}
