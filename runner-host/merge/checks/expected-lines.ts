import type { Side } from './finding';
import { isTelling, normalise, type LineCounts } from './lines';
import type { PathEntries, TextVersions } from './path-versions';

/** Lines that should stand in the result and do not. */
export interface MissingLine {
  normalised: string;
  /** As it was written. */
  line: string;
  count: number;
  /** Whose addition it was; `undefined`: it stood in the base and neither side took it out. */
  side: Side | undefined;
}

/** A line that a side took out and that is back. */
export interface ReturnedLine {
  normalised: string;
  count: number;
  side: Side;
}

const of = (counts: LineCounts, line: string): number => counts.get(line) ?? 0;

/** How often a line has to stand in the result at least: what main and item have, less what both took from the base. */
export function atLeast(b: number, o: number, t: number): number {
  return o > b && t > b ? Math.max(o, t) : Math.max(0, o + t - b);
}

const atMost = (b: number, o: number, t: number): number => Math.max(o, t, o + t - b);

/**
 * What is missing. Where git merged the path by itself, its merge is what is expected; where it could not, the sum of
 * both sides, as far as git's attempt still has it (a line that followed a rename is expected at its new place).
 */
export function missingLines(entries: PathEntries, text: TextVersions): MissingLine[] {
  const missing: MissingLine[] = [];
  for (const [normalised, offered] of text.pristine.counts) {
    const [b, o, t] = [
      of(text.base.counts, normalised),
      of(text.main.counts, normalised),
      of(text.item.counts, normalised),
    ];
    const expected = entries.conflicted ? Math.min(offered, atLeast(b, o, t)) : offered;
    const count = expected - of(text.result.counts, normalised);
    if (count <= 0 || !isTelling(normalised)) continue;
    const added = expected > b;
    const side = !added ? undefined : t > b ? 'item' : o > b ? 'main' : 'item';
    missing.push({ normalised, count, side, line: asWritten(normalised, text) });
  }
  return missing;
}

/** What was taken out by a side and stands in the result again. */
export function returnedLines(entries: PathEntries, text: TextVersions): ReturnedLine[] {
  const returned: ReturnedLine[] = [];
  for (const [normalised, b] of text.base.counts) {
    const [o, t] = [of(text.main.counts, normalised), of(text.item.counts, normalised)];
    const allowed = entries.conflicted ? atLeast(b, o, t) : of(text.pristine.counts, normalised);
    const count = Math.min(b, of(text.result.counts, normalised)) - allowed;
    if (count > 0 && isTelling(normalised)) returned.push({ normalised, count, side: o < b ? 'main' : 'item' });
  }
  return returned;
}

/** Lines that the result has beyond what either side brought to this path. */
export function surplusLines(entries: PathEntries, text: TextVersions): Map<string, number> {
  const surplus = new Map<string, number>();
  for (const [normalised, count] of text.result.counts) {
    const [b, o, t] = [
      of(text.base.counts, normalised),
      of(text.main.counts, normalised),
      of(text.item.counts, normalised),
    ];
    const known = entries.conflicted ? atMost(b, o, t) : of(text.pristine.counts, normalised);
    if (count > known) surplus.set(normalised, count - known);
  }
  return surplus;
}

function asWritten(normalised: string, text: TextVersions): string {
  const is = (line: string): boolean => normalise(line) === normalised;
  return text.item.lines.find(is) ?? text.main.lines.find(is) ?? text.pristine.lines.find(is) ?? normalised;
}
