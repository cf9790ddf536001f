import type { CaseResult } from '../../runner-host/protocol/result';
import type { RunResult } from '../../runner-host/protocol/runs';
import { codeSpan, fenced } from './markdown';
import { clip } from './plain-text';

/** A report above 1 MiB is refused by its own gate: the failures get a quarter of that, so the whole stays far below. */
const MAX_BYTES = 256 * 1024;
const MESSAGE_CHARACTERS = 2_000;
const DETAILS_CHARACTERS = 8_000;

/** Every failed case with its message and details, as many as fit, and how many did not. Empty without failures. */
export function failureSection(result: RunResult): string {
  if (result.status !== 'suite-ran' || result.report.state !== 'read') return '';
  const { failed, errored, failures } = result.report;
  const total = Math.max(failed + errored, failures.length);
  if (total === 0) return '';
  const shown: string[] = [];
  let size = 0;
  for (const [index, failure] of failures.entries()) {
    const text = oneFailure(failure, index + 1);
    size += Buffer.byteLength(text);
    if (size > MAX_BYTES) break;
    shown.push(text);
  }
  const rest = total - shown.length;
  const cut =
    rest === 0
      ? []
      : [
          `${rest} more ${rest === 1 ? 'failure is' : 'failures are'} left out here; the log has ${rest === 1 ? 'it' : 'them'}.`,
        ];
  return [`## Failed ${result.kind === 'test' ? 'tests' : 'checks'} (${total})`, ...shown, ...cut].join('\n\n');
}

function oneFailure({ suite, name, outcome, file, line, message, details }: CaseResult, number: number): string {
  const place = file === null ? '' : `, ${codeSpan(line === null ? file : `${file}:${line}`)}`;
  const parts = [`### ${number}. ${codeSpan(name)}`, `${outcome}, in ${codeSpan(suite)}${place}`];
  if (message !== null) parts.push(fenced(cut(message, MESSAGE_CHARACTERS)));
  // Many reporters begin the details with the message.
  if (details !== null && details !== message) parts.push(fenced(cut(details, DETAILS_CHARACTERS)));
  return parts.join('\n\n');
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${clip(text, characters)}\n[${text.length - characters} more characters]`;
}
