import { BudgetSpent, type Budget } from './budget';
import { atLeast } from './expected-lines';
import { lineFinding, pathFinding, shown, type Finding, type Side } from './finding';
import { isTelling, normalise, splitLines } from './lines';
import type { Leg } from './suspects';
import type { BytePath, Trees } from './trees';

/** Where a line of a changelog stands. */
interface Place {
  release: string;
  section: string;
  line: string;
}

interface Changelog {
  places: Map<string, { place: Place; count: number }>;
  /** `release\0section` of every heading. */
  headings: Set<string>;
}

/**
 * Lines that a side wrote under one heading and that now stand under another: git follows the lines around an entry, so
 * an entry made for `[Unreleased]` lands under a release when main has renamed that heading. Also a merge without any
 * conflict does it. Throws `GitFailure`.
 */
export async function misfiled(trees: Trees, leg: Leg, path: BytePath, budget: Budget): Promise<Finding[]> {
  const contents = await Promise.all(
    [leg.base, leg.main, leg.item, leg.result].map((commit) =>
      trees.readPaths(commit, [path], budget.limits.mostBytesPerFile),
    ),
  );
  if (contents.flat().some(({ state }) => state === 'too-large')) {
    const detail = `not checked for entries under another heading: ${new BudgetSpent('mostBytesPerFile').message}`;
    return [pathFinding('UNCHECKED', { path, facts: ['headings', leg.item, leg.result], detail })];
  }
  const texts = contents.flat().map((content) => (content.state === 'read' ? content.bytes : ''));
  const [base, main, item, result] = texts.map(readChangelog) as [Changelog, Changelog, Changelog, Changelog];
  const findings: Finding[] = [];
  for (const [key, { place }] of new Map([...main.places, ...item.places])) {
    const count = (of: Changelog): number => of.places.get(key)?.count ?? 0;
    const [b, o, t, r] = [count(base), count(main), count(item), count(result)];
    if ((t <= b && o <= b) || r >= atLeast(b, o, t)) continue;
    const now = elsewhere(place, result, [main, item]);
    if (now === undefined || isSameHeading(place, now, result)) continue;
    const side: Side = t > b ? 'item' : 'main';
    findings.push(
      lineFinding('MISFILED', {
        path,
        side,
        line: place.line,
        normalised: place.line,
        count: atLeast(b, o, t) - r,
        detail: `was written under ${headingOf(place)} and stands under ${headingOf(now)}`,
      }),
    );
  }
  return findings;
}

/** Where the result has the line under a heading where neither side has it as often. */
function elsewhere(place: Place, result: Changelog, sides: readonly Changelog[]): Place | undefined {
  for (const [key, there] of result.places) {
    if (there.place.line !== place.line || there.place === place) continue;
    const known = Math.max(...sides.map((side) => side.places.get(key)?.count ?? 0));
    if (there.count > known) return there.place;
  }
  return undefined;
}

/** A section that was renamed within its release is the same section. */
const isSameHeading = (was: Place, is: Place, result: Changelog): boolean =>
  was.release === is.release && !result.headings.has(`${was.release}\0${was.section}`);

function readChangelog(bytes: string): Changelog {
  const changelog: Changelog = { places: new Map(), headings: new Set() };
  const lines = splitLines(bytes);
  let [release, section] = ['', ''];
  for (const [index, written] of lines.entries()) {
    const line = normalise(written);
    const heading = headingText(line, lines[index + 1]);
    if (heading !== undefined) {
      const named = releaseName(heading);
      [release, section] = named === undefined ? [release, heading] : [named, ''];
      changelog.headings.add(`${release}\0${section}`);
    } else if (isTelling(line)) {
      const place = { release, section, line };
      const key = `${release}\0${section}\0${line}`;
      changelog.places.set(key, { place, count: (changelog.places.get(key)?.count ?? 0) + 1 });
    }
  }
  return changelog;
}

/** `## text`, or a text that is underlined in the next line. */
function headingText(line: string, next: string | undefined): string | undefined {
  const marked = /^#{1,6} +(.*?)[ #]*$/.exec(line);
  if (marked) return marked[1] ?? '';
  return isTelling(line) && next !== undefined && /^(={3,}|-{3,}|~{3,})\s*$/.test(next) && !/^[-*+] /.test(line)
    ? line
    : undefined;
}

/** A heading that names a release: two of them are the same release if only a date differs. */
function releaseName(heading: string): string | undefined {
  if (/\b(unreleased|upcoming|next release|next version)\b/i.test(heading)) return 'Unreleased';
  return /\bv?(\d+\.\d+[\w.+-]*)/.exec(heading)?.[1];
}

const headingOf = ({ release, section }: Place): string =>
  `"${[release, section].filter(Boolean).map(shown).join(' / ') || 'no heading'}"`;
