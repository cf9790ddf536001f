import { CHECK_LIMITS, type CheckLimits } from './check-limits';
import { pathFinding, shown, type Finding } from './finding';
import { replacementsFor } from './number-references';
import type { NumberReservation, RenumberPlan, Yield } from './number-plan';
import { numberedFiles, readSeries, type NumberedFile, type NumberSeries } from './number-series';
import type { BytePath, Trees } from './trees';

export interface NumberInput {
  /** A commit or a tree; so is `main`. */
  candidate: string;
  main: string;
  /** The work item whose documents these are. */
  item: string;
}

export interface NumberOptions {
  series: readonly string[];
  reserved: readonly NumberReservation[];
  limits?: Partial<CheckLimits>;
}

export interface NumberResult {
  findings: Finding[];
  /** Undefined: no number is taken twice. */
  plan: RenumberPlan | undefined;
}

/**
 * Finds numbers that the candidate gives to two documents of a series and that main does not (git sees no conflict there), and those that
 * another item has reserved. The documents that main does not have yield. Throws `GitFailure`, and `RangeError` for a pattern that is no series.
 */
export async function numberCollisions(
  trees: Trees,
  input: NumberInput,
  options: NumberOptions,
): Promise<NumberResult> {
  const findings: Finding[] = [];
  const yields: Yield[] = [];
  for (const pattern of options.series) {
    const series = readSeries(pattern);
    const candidate = numberedFiles(series, await trees.list(input.candidate, series.folder));
    const main = numberedFiles(series, await trees.list(input.main, series.folder));
    const free = new FreeNumbers([...candidate, ...main], pattern, input.item, options.reserved);
    const taken = collisions(candidate, main);
    for (const { keeps, yielding } of [...taken, ...notOurs(candidate, main, taken, { pattern, input, options })]) {
      const number = free.take();
      const next = `the next free one is ${padded(number, yielding.digits)}`;
      const about = { check: 'numbers', path: yielding.path, side: 'item' } as const;
      if ('path' in keeps) {
        const detail = `number ${yielding.digits} belongs to ${shown(keeps.path)}; ${next}`;
        findings.push(pathFinding('NUMBER_TAKEN', { ...about, facts: [keeps.path], detail }));
      } else {
        const detail = `number ${yielding.digits} is reserved for ${keeps.item}; ${next}`;
        findings.push(pathFinding('NUMBER_RESERVED', { ...about, facts: [keeps.item], detail }));
      }
      yields.push(yieldOf(series, yielding, 'path' in keeps ? keeps.path : '', number));
    }
  }
  if (yields.length === 0) return { findings, plan: undefined };
  const limits = { ...CHECK_LIMITS, ...options.limits };
  return { findings, plan: { yields, replacements: await replacementsFor(trees, input, yields, limits) } };
}

/** Documents that main has stay; of those that are new to it, the first keeps a number that main has not. */
function collisions(candidate: readonly NumberedFile[], main: readonly NumberedFile[]) {
  const onMain = new Set(main.map(({ path }) => path));
  const byNumber = new Map<number, NumberedFile[]>();
  for (const file of candidate) byNumber.set(file.number, [...(byNumber.get(file.number) ?? []), file]);
  return [...byNumber.values()].flatMap((files) => {
    const [keeps, ...others] = [...files].sort((a, b) => Number(onMain.has(b.path)) - Number(onMain.has(a.path)));
    return keeps === undefined
      ? []
      : others.filter(({ path }) => !onMain.has(path)).map((yielding) => ({ keeps, yielding }));
  });
}

/** Documents that are new to main, under a number that another item has reserved before they were written. */
function notOurs(
  candidate: readonly NumberedFile[],
  main: readonly NumberedFile[],
  taken: readonly { yielding: NumberedFile }[],
  { pattern, input, options }: { pattern: string; input: NumberInput; options: NumberOptions },
): { keeps: NumberReservation; yielding: NumberedFile }[] {
  const onMain = new Set([...main.map(({ path }) => path), ...taken.map(({ yielding }) => yielding.path)]);
  const reserved = new Map(
    options.reserved.filter(({ series }) => series === pattern).map((one) => [one.number, one] as const),
  );
  return candidate.flatMap((yielding) => {
    const keeps = reserved.get(yielding.number);
    return keeps === undefined || keeps.item === input.item || onMain.has(yielding.path) ? [] : [{ keeps, yielding }];
  });
}

class FreeNumbers {
  readonly #used: Set<number>;
  readonly #own: number[];
  #highest: number;

  constructor(files: readonly NumberedFile[], pattern: string, item: string, reserved: readonly NumberReservation[]) {
    const ofSeries = reserved.filter(({ series }) => series === pattern);
    this.#used = new Set(files.map(({ number }) => number));
    this.#own = ofSeries.filter((one) => one.item === item).map(({ number }) => number);
    this.#highest = Math.max(0, ...this.#used, ...ofSeries.map(({ number }) => number));
  }

  /** A number that the item has reserved, or the one after the highest that anybody has. */
  take(): number {
    const own = this.#own.find((number) => !this.#used.has(number));
    const number = own ?? ++this.#highest;
    this.#used.add(number);
    return number;
  }
}

function yieldOf(series: NumberSeries, file: NumberedFile, keeps: BytePath, number: number): Yield {
  const newDigits = padded(number, file.digits);
  const start = (series.folder === '' ? '' : `${series.folder}/`) + series.prefix;
  const to = start + newDigits + file.path.slice(start.length + file.digits.length);
  return { series: series.pattern, from: file.path, to, oldDigits: file.digits, newDigits, keeps };
}

const padded = (number: number, like: string): string => String(number).padStart(like.length, '0');
