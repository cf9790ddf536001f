import type { BiteCell, BiteEvidence } from './evidence';
import { codeSpan, prose } from './markdown';

/** The four cells of the bite matrix. Empty where it was not asked for. */
export function biteSection(bite: BiteEvidence | undefined): string {
  if (!bite) return '';
  const { baseOnBase, baseOnItem, itemOnBase, itemOnItem } = bite;
  const rule = bite.mode === 'required' ? 'required' : 'advisory: it closes nothing';
  return [
    '## Bite matrix',
    '',
    `New tests must be red on base's code (${rule}). Test files that the item changed: ${bite.testFiles}.`,
    '',
    "| | base's code | the item's code |",
    '| --- | --- | --- |',
    `| **base's tests** | ${cell(baseOnBase)} | ${cell(baseOnItem)} |`,
    `| **the item's tests** | ${cell(itemOnBase)} | ${cell(itemOnItem)} |`,
  ].join('\n');
}

function cell({ end, run, reused, detail }: BiteCell): string {
  const which = run === null ? '' : ` (${codeSpan(run)}${reused ? ', on record' : ''})`;
  return `${end}: ${prose(detail)}${which}`;
}
