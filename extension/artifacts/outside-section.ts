import type { TestRunResult } from '../../runner-host/protocol/result';
import { codeSpan, prose } from './markdown';

/** What the run tried to write to the outside. Empty where it tried nothing. */
export function outsideSection({ guard }: TestRunResult): string {
  if (!guard || guard.blocked + guard.allowed + guard.unreadable === 0) return '';
  const { blocked, allowed, unreadable, entries } = guard;
  const counts = [
    `${blocked} refused, ${allowed} let pass to the sandbox.`,
    ...(unreadable > 0 ? [`${unreadable} lines of the record cannot be read.`] : []),
  ].join(' ');
  const lines = entries.map(({ action, method, target, by }) => {
    return `- ${action === 'blocked' ? '**refused**' : 'allowed'}: ${codeSpan(method)} to ${codeSpan(target)} (${prose(by)})`;
  });
  const rest = blocked + allowed - entries.length;
  return ['## Writes to the outside', '', counts, '', ...lines, ...(rest > 0 ? [`- ${rest} more`] : [])]
    .join('\n')
    .trimEnd();
}

/** How the requests after the suite were answered. Empty where there were none. */
export function smokeSection({ smoke }: TestRunResult): string {
  if (!smoke || smoke.length === 0) return '';
  const word = { right: 'as expected', wrong: '**wrong**', none: '**no answer**' };
  const lines = smoke.map(({ url, outcome, detail }) => `- ${codeSpan(url)}: ${word[outcome]}, ${prose(detail)}`);
  return ['## Smoke', '', ...lines].join('\n');
}
