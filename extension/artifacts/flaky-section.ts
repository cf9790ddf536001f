import type { FlakyEvidence } from './evidence';
import { codeSpan } from './markdown';
import { nameLines } from './names-section';

/** Tests that were red and are green on one tree. Empty where there is none. */
export function flakySection(flaky: FlakyEvidence | undefined): string {
  if (!flaky) return '';
  const parts = [
    '## Flaky',
    flaky.red === null
      ? "Tests were red in this run, and green when the suite's own tool ran them again."
      : `Run ${codeSpan(flaky.red)} was red on the identical tree, with identical command and environment.`,
  ];
  if (flaky.seen.length > 0)
    parts.push(
      flaky.seen
        .map(
          ({ suite, name, times }) =>
            `- ${codeSpan(name)}, in ${codeSpan(suite)}: seen flaky ${times} ${times === 1 ? 'time' : 'times'}`,
        )
        .join('\n'),
    );
  if (flaky.unknown.count > 0)
    parts.push('Not on record as flaky on base:', nameLines(flaky.unknown.first, flaky.unknown.count));
  if (flaky.unnamed > 0) parts.push('It also failed outside of the tests that are named.');
  return parts.join('\n\n');
}
