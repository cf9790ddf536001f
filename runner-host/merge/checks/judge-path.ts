import { BudgetSpent, type Budget } from './budget';
import { missingLines, returnedLines, type MissingLine, type ReturnedLine } from './expected-lines';
import { lineFinding, pathFinding, shown, type Finding, type FindingKind, type Side } from './finding';
import type { MovePool } from './move-pool';
import { isTelling } from './lines';
import { itemChanged, mainChanged, same, type PathWork, type TextVersions } from './path-versions';
import { Softener } from './soften';

export interface JudgeContext {
  pool: MovePool;
  budget: Budget;
  /** The path is the changelog. */
  changelog: boolean;
  /** The result is the item itself: did it take over what main had? */
  integrated: boolean;
}

/** A choice between two numbers or names is small; more is somebody's work. */
const MOST_SMALL = 3;
const SIDE_WORDS: Readonly<Record<Side, string>> = { item: "the work item's", main: "main's" };

type TextWork = PathWork & { content: 'text' };

/** What became of both sides' work on one path that is not as git alone would have merged it. */
export function judgePath(work: PathWork, context: JudgeContext): Finding[] {
  // Neither side touched it: a change of the result's own.
  if (!work.conflicted && !mainChanged(work) && !itemChanged(work)) return [];
  if (work.content !== 'text') return judgeOpaque(work);
  try {
    return judgeText(work, context);
  } catch (error) {
    if (error instanceof BudgetSpent) return [unchecked(work, error.message)];
    throw error;
  }
}

function judgeOpaque(work: PathWork): Finding[] {
  if (same(work.result, work.base)) return changedSides(work).map((side) => reset(work, side));
  if (same(work.main, work.item))
    return [atPath(work, 'OPAQUE', 'item', 'both sides agree on it and the result differs')];
  if (same(work.result, work.main) && itemChanged(work)) return [discarded(work, 'item')];
  if (same(work.result, work.item) && mainChanged(work)) return [discarded(work, 'main')];
  if (work.content === 'unchecked') return [unchecked(work, work.why)];
  return [
    atPath(work, 'OPAQUE', changedSides(work)[0] ?? 'item', 'it is no text, so nobody can say whether work is lost'),
  ];
}

function judgeText(work: TextWork, context: JudgeContext): Finding[] {
  const { text } = work;
  if (hasMarkers(work)) return [atPath(work, 'OPAQUE', 'item', 'the marks of the conflict still stand in it')];
  const missing = missingLines(work, text);
  const returned = returnedLines(work, text);
  const moves = context.pool.take(work.path, missing);
  const stays = missing.filter((line) => !moves.has(line));
  const moved = [...moves].flatMap(([line, { to }]) =>
    line.side === undefined ? [] : [atLine(work, 'MOVED', line, `moved to ${shown(to)}`)],
  );
  const lost = wholePath(work, { missing, stays, returned, integrated: context.integrated });
  if (lost && context.integrated) return [...moved, ...lost.findings];
  const softener = new Softener(
    text,
    { changelog: context.changelog, overlaps: work.conflicted, integrated: context.integrated },
    context.budget,
  );
  const lines = stays.map((line) => judgeLine(work, line, softener));
  if (lost && (returned.length > 0 || !isSmallChoice(lines))) return [...moved, ...lost.findings];
  return [...moved, ...lines, ...returned.map((line) => returnedFinding(work, line)), ...lostMode(work)];
}

/** What can be said of the path as a whole; `undefined`: it has to be looked at line by line. */
function wholePath(
  work: TextWork,
  facts: { missing: MissingLine[]; stays: MissingLine[]; returned: ReturnedLine[]; integrated: boolean },
): { findings: Finding[] } | undefined {
  const { result } = work;
  const touched = (side: Side): boolean =>
    [...facts.stays, ...facts.returned].some((line) => line.side === side) || !hasLineChanges(work, side);
  if (same(result, work.base) || result === undefined) {
    const mostMoved = facts.stays.length * 2 < facts.missing.length;
    if (mostMoved) return undefined;
    const sides = changedSides(work).filter((side) => touched(side) && (side === 'main' || !facts.integrated));
    return sides.length === 0 ? undefined : { findings: sides.map((side) => reset(work, side)) };
  }
  const removers = changedSides(work).filter((side) => work[side] === undefined);
  const isBack = work.pristine === undefined && facts.returned.length * 2 >= work.text.base.counts.size;
  if (isBack && removers.length > 0) return { findings: removers.map((side) => reset(work, side)) };
  if (facts.integrated || !mainChanged(work) || !itemChanged(work) || same(work.main, work.item)) return undefined;
  const side = same(result, work.main) ? 'item' : same(result, work.item) ? 'main' : undefined;
  return side && touched(side) ? { findings: [discarded(work, side)] } : undefined;
}

function judgeLine(work: TextWork, line: MissingLine, softener: Softener): Finding {
  if (line.side === undefined) return atLine(work, 'REMOVED', line, 'stood in the base, and neither side took it out');
  const whose = SIDE_WORDS[line.side];
  switch (softener.soften(line)) {
    case 'REWRITTEN':
      return atLine(work, 'REWRITTEN', line, `${whose} line stands there in other words`);
    case 'VARIANT':
      return atLine(work, 'VARIANT', line, `${whose} line gave way to the other side's version of it`);
    case 'OVERRIDDEN':
      return atLine(work, 'OVERRIDDEN', line, `${whose} line gave way to the other side's change of the same place`);
    case undefined:
      return atLine(work, 'DROPPED', line, `${whose} line is missing`);
  }
}

const isSmallChoice = (lines: readonly Finding[]): boolean =>
  lines.length > 0 && lines.length <= MOST_SMALL && lines.every(({ kind }) => kind === 'VARIANT');

/** A side changed whether the file may be executed, and the result does not have it. */
function lostMode(work: TextWork): Finding[] {
  if (!work.base || !work.result) return [];
  const sides = (['item', 'main'] as const).filter((side) => {
    const mode = work[side]?.mode;
    return mode !== undefined && mode !== work.base?.mode && work.result?.mode === work.base?.mode;
  });
  return sides.map((side) => atPath(work, 'PATH_RESET', side, `${SIDE_WORDS[side]} change of the file's mode is gone`));
}

function hasLineChanges({ text }: TextWork, side: Side): boolean {
  const [before, after] = [text.base.counts, text[side].counts];
  return [...before.keys(), ...after.keys()].some((line) => isTelling(line) && before.get(line) !== after.get(line));
}

const hasMarkers = ({ conflicted, text }: TextWork): boolean =>
  conflicted && text.result.lines.some((line) => line.startsWith('<<<<<<< ') && !inASide(line, text));

const inASide = (line: string, text: TextVersions): boolean =>
  text.main.lines.includes(line) || text.item.lines.includes(line);

function changedSides(work: PathWork): Side[] {
  return [...(itemChanged(work) ? (['item'] as const) : []), ...(mainChanged(work) ? (['main'] as const) : [])];
}

const reset = (work: PathWork, side: Side): Finding =>
  atPath(
    work,
    'PATH_RESET',
    side,
    work.result === undefined
      ? `${SIDE_WORDS[side]} change is gone: the file is missing`
      : `${SIDE_WORDS[side]} change is gone: the path is as it was at the fork point`,
  );

const discarded = (work: PathWork, side: Side): Finding =>
  atPath(
    work,
    'SIDE_DISCARDED',
    side,
    `both sides changed it and the result is ${side === 'item' ? "main's" : "the item's"} version alone`,
  );

const unchecked = (work: PathWork, why: string): Finding =>
  pathFinding('UNCHECKED', { path: work.path, facts: factsOf(work), detail: `not checked: ${why}` });

const atPath = (work: PathWork, kind: FindingKind, side: Side, detail: string): Finding =>
  pathFinding(kind, { path: work.path, side, facts: [side, ...factsOf(work)], detail });

const factsOf = (work: PathWork): string[] =>
  [work.base, work.main, work.item, work.result].map((entry) => (entry ? `${entry.mode} ${entry.id}` : ''));

const atLine = (work: PathWork, kind: FindingKind, line: MissingLine, detail: string): Finding =>
  lineFinding(kind, {
    path: work.path,
    side: line.side,
    line: line.line,
    normalised: line.normalised,
    count: line.count,
    detail,
  });

const returnedFinding = (work: PathWork, line: ReturnedLine): Finding =>
  lineFinding('RESURRECTED', {
    path: work.path,
    side: line.side,
    line: line.normalised,
    normalised: line.normalised,
    count: line.count,
    detail: `${SIDE_WORDS[line.side]} change took it out, and it is back`,
  });
