import type { RunResult } from '../../runner-host/protocol/runs';
import { nameLines } from './names-section';

/** Tests that the suite's own tools ran again until they passed: passed, and not quietly so. Empty where there is none. */
export function rerunSection(result: RunResult): string {
  if (result.status !== 'suite-ran' || result.report.state !== 'read' || result.report.flaky === undefined) return '';
  const { count, first } = result.report.flaky;
  return [`## Passed only when run again (${count})`, nameLines(first, count)].join('\n\n');
}
