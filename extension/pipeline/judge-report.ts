import type { ReportReading } from '../../runner-host/protocol/result';
import { inconclusive, type Judgement } from './judgement';

type Readable = Extract<ReportReading, { state: 'read' }>;

/**
 * What a report has against a suite that ended with 0: missing, unreadable, failures named, nothing executed. Undefined where
 * it agrees, and where none is configured.
 * @param keys where the project configures it: `test` or `staging`
 */
export function reportObjects(report: ReportReading, keys: 'test' | 'staging'): Judgement | undefined {
  switch (report.state) {
    case 'not-configured':
      return undefined;
    case 'missing':
      return inconclusive(
        'report-missing',
        `exit code 0, but the suite left no report at ${report.path}`,
        `Check ${keys}.report.path in interlock.json and the option that makes the suite write it.`,
      );
    case 'unreadable':
      return inconclusive(
        'report-unreadable',
        `exit code 0, but the report ${report.path} cannot be trusted: ${report.reason}`,
        "See the run's log: a truncated or contradicting report often means that the suite was cut off.",
      );
    case 'read':
      return countsObject(report, keys);
  }
}

function countsObject(report: Readable, keys: 'test' | 'staging'): Judgement | undefined {
  const failed = report.failed + report.errored;
  if (failed > 0) {
    return inconclusive(
      'report-disagrees',
      `exit code 0, but the report names ${failed} failed of ${report.tests} tests`,
      `Make the ${keys} command end with a non-zero exit code when a test fails.`,
    );
  }
  if (report.passed === 0) {
    return inconclusive(
      'no-tests-ran',
      `exit code 0, but no test was executed (${report.tests} in the report, ${report.skipped} skipped)`,
      `Check the ${keys} command: a suite that runs nothing proves nothing.`,
    );
  }
  return undefined;
}
