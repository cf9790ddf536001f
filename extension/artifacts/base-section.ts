import type { BaseEvidence } from './evidence';
import { codeSpan, prose } from './markdown';
import { nameLines } from './names-section';

const WORDS = { green: 'green', red: 'red', timeout: 'not over in time' } as const;

/** How the same command ended without the item's changes. Empty where nobody asked. */
export function baseSection(base: BaseEvidence | undefined): string {
  if (!base) return '';
  const commit = codeSpan(base.commit.slice(0, 12));
  if (base.end === 'unknown')
    return `## Against base\n\nThe item's fork point ${commit} could not be asked: ${prose(base.detail)}.`;
  const known = base.reused ? ', on record: identical tree, command, configuration and environment' : '';
  const how = `${WORDS[base.end]}, ${prose(base.detail)} (run ${codeSpan(base.run ?? '')}${known})`;
  const parts = ['## Against base', `The same command on the item's fork point ${commit}: ${how}.`];
  if (base.alsoRed.length > 0)
    parts.push(`${base.alsoRed.length} of the failed tests are also red there:`, nameLines(base.alsoRed));
  return parts.join('\n\n');
}
