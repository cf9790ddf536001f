import type { NameEvidence, TestName, TestNames } from './evidence';
import { codeSpan, prose } from './markdown';

const MOST_NAMES = 50;

/** New, gone and newly skipped tests by name. Empty where the run named none. */
export function namesSection(names: NameEvidence | undefined): string {
  if (!names) return '';
  if (!names.against) return `## Tests by name\n\nNot compared: ${prose(names.detail)}.`;
  const { item, run } = names.against;
  const parts = [part('New', names.fresh), part('Gone', names.gone), part('Newly skipped', names.newlySkipped)];
  const told = parts.filter((text) => text !== '');
  return [
    '## Tests by name',
    `Against ${codeSpan(item)} (run ${codeSpan(run)}), the last one that passed and landed:`,
    ...(told.length > 0 ? told : ['The same tests, none newly skipped.']),
  ].join('\n\n');
}

function part(word: string, { count, first }: TestNames): string {
  return count === 0 ? '' : `${word} (${count}):\n\n${nameLines(first, count)}`;
}

/** A list of tests, at most 50 of them, and how many more there are. */
export function nameLines(names: readonly TestName[], count: number = names.length): string {
  const lines = names.slice(0, MOST_NAMES).map(({ suite, name }) => `- ${codeSpan(name)}, in ${codeSpan(suite)}`);
  if (count > lines.length) lines.push(`- and ${count - lines.length} more`);
  return lines.join('\n');
}
