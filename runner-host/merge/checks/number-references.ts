import { align } from './align';
import type { CheckLimits } from './check-limits';
import type { LineReplacement, Yield } from './number-plan';
import { isBinary, splitLines } from './lines';
import type { BytePath, Trees } from './trees';

interface Sides {
  candidate: string;
  main: string;
}

/** The lines that the candidate has beyond main's and that name a number which is given up. Main's own lines never. */
export async function replacementsFor(
  trees: Trees,
  { candidate, main }: Sides,
  yields: readonly Yield[],
  limits: CheckLimits,
): Promise<LineReplacement[]> {
  const replacements: LineReplacement[] = [];
  for (const { path, before, after } of await trees.changes(main, candidate)) {
    if (!after?.mode.startsWith('100')) continue;
    const ids = [after.id, ...(before?.mode.startsWith('100') ? [before.id] : [])];
    const [now, was] = await trees.readBlobs(ids, limits.mostBytesPerFile);
    if (now?.state !== 'read' || isBinary(now.bytes) || was?.state === 'too-large') continue;
    const lines = splitLines(now.bytes);
    for (const index of addedLines(was?.state === 'read' ? splitLines(was.bytes) : [], lines, limits.mostEdits)) {
      const line = lines[index] ?? '';
      const changed = yields.reduce((text, one) => renumberLine(text, one, path), line);
      if (changed !== line) replacements.push({ path, lineNumber: index + 1, before: line, after: changed });
    }
  }
  return replacements;
}

/** Where the two cannot be aligned, only lines that main does not have at all count as added. */
function addedLines(before: readonly string[], after: readonly string[], mostEdits: number): number[] {
  const hunks = align(before, after, mostEdits);
  if (hunks) return hunks.flatMap((hunk) => range(hunk.fromAfter, hunk.toAfter));
  const known = new Set(before);
  return range(0, after.length).filter((index) => !known.has(after[index] ?? ''));
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

/**
 * The number as it is written in text: `adr-0049`, `ADR 49`, the file's own name, and in the document itself the number at
 * the start of a heading. A line that names the document which keeps the number speaks of that one.
 */
function renumberLine(line: string, { from, keeps, series, oldDigits, newDigits }: Yield, path: BytePath): string {
  const name = (file: BytePath): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const ownName = name(from);
  const prefix = Buffer.from(series.slice(series.lastIndexOf('/') + 1), 'utf8')
    .toString('latin1')
    .split('*')[0];
  const inName = (prefix ?? '').length;
  const newName = ownName.slice(0, inName) + newDigits + ownName.slice(inName + oldDigits.length);
  let text = line.replaceAll(ownName, newName);
  if (keeps !== '' && text.includes(name(keeps))) return text;
  const bare = String(Number(oldDigits));
  const word = (prefix ?? '').replace(/[^A-Za-z0-9]+$/, '');
  if (word !== '')
    text = text.replace(
      new RegExp(`(?<![A-Za-z0-9])(${escaped(word)}[-_ #]{0,2})(${oldDigits}|${bare})(?![0-9])`, 'gi'),
      (_, start: string, digits: string) => start + likeOld(digits, oldDigits, newDigits),
    );
  if (path === from)
    text = text.replace(
      new RegExp(`^(#{1,6} +)(${oldDigits}|${bare})(?![0-9])`),
      (_, start: string, digits: string) => start + likeOld(digits, oldDigits, newDigits),
    );
  return text;
}

/** With zeros where it had them. */
const likeOld = (digits: string, oldDigits: string, newDigits: string): string =>
  digits.length === oldDigits.length ? newDigits : String(Number(newDigits));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
