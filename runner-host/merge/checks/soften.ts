import { align, type Hunk } from './align';
import { BudgetSpent, type Budget } from './budget';
import type { MissingLine } from './expected-lines';
import type { Side } from './finding';
import { normalise } from './lines';
import type { TextVersion, TextVersions } from './path-versions';
import { similarity } from './similarity';

export type Softening = 'REWRITTEN' | 'VARIANT' | 'OVERRIDDEN';

const ALIKE = 0.6;
/** Entries of a changelog resemble each other by their form. */
const ALIKE_IN_CHANGELOG = 0.75;
/** How many missing lines one new line may stand for. */
const MOST_USES = 2;

export interface SoftenOptions {
  changelog: boolean;
  /** Both sides may have changed the same lines. */
  overlaps: boolean;
  /** The item's own text counts as the resolver's: the result is the item itself. */
  integrated: boolean;
}

/** Finds what became of missing lines of one path. Throws `BudgetSpent`. */
export class Softener {
  readonly #text: TextVersions;
  readonly #options: SoftenOptions;
  readonly #budget: Budget;
  readonly #own: { line: string; uses: number }[];
  readonly #hunks = new Map<Side, Hunk[]>();

  constructor(text: TextVersions, options: SoftenOptions, budget: Budget) {
    this.#text = text;
    this.#options = options;
    this.#budget = budget;
    const known = [text.base, text.main, ...(options.integrated ? [] : [text.item])];
    this.#own = [...text.result.counts.keys()]
      .filter((line) => !known.some((version) => version.counts.has(line)))
      .map((line) => ({ line, uses: 0 }));
  }

  /** `undefined`: nothing speaks for the line having been dealt with. */
  soften(missing: MissingLine): Softening | undefined {
    if (this.#isRewritten(missing)) return 'REWRITTEN';
    // Entries of a changelog stand beside each other: the other side's entry replaces none.
    if (missing.side === undefined || this.#options.changelog || !this.#options.overlaps) return undefined;
    return this.#isTakenOver(missing, missing.side);
  }

  #isRewritten(missing: MissingLine): boolean {
    const least = this.#options.changelog ? ALIKE_IN_CHANGELOG : ALIKE;
    for (const own of this.#own) {
      if (own.uses < MOST_USES && this.#alike(own.line, missing.normalised, least)) {
        own.uses++;
        return true;
      }
    }
    return false;
  }

  #isTakenOver(missing: MissingLine, side: Side): Softening | undefined {
    const [mine, others] = side === 'item' ? (['item', 'main'] as const) : (['main', 'item'] as const);
    const hunks = this.#hunksOf(mine).filter((hunk) =>
      this.#text[mine].lines.slice(hunk.fromAfter, hunk.toAfter).some((line) => normalise(line) === missing.normalised),
    );
    const opposite = this.#hunksOf(others).filter((other) => hunks.some((hunk) => overlap(hunk, other)));
    if (opposite.length === 0) return undefined;
    const kept = opposite
      .flatMap((hunk) => this.#text[others].lines.slice(hunk.fromAfter, hunk.toAfter).map(normalise))
      .filter((line) => line !== '' && this.#text.result.counts.has(line));
    return kept.some((line) => this.#alike(line, missing.normalised, ALIKE)) ? 'VARIANT' : 'OVERRIDDEN';
  }

  #hunksOf(side: Side): Hunk[] {
    const known = this.#hunks.get(side);
    if (known) return known;
    const lines = (version: TextVersion): string[] => version.lines.map(normalise);
    const hunks = align(lines(this.#text.base), lines(this.#text[side]), this.#budget.limits.mostEdits);
    if (hunks === undefined) throw new BudgetSpent('mostEdits');
    this.#hunks.set(side, hunks);
    return hunks;
  }

  #alike(one: string, other: string, least: number): boolean {
    this.#budget.takeComparison();
    return similarity(one, other) >= least;
  }
}

/** Both took out a line of the base in common, or one wrote into the midst of what the other took out. */
function overlap(mine: Hunk, other: Hunk): boolean {
  const inside = mine.fromBefore === mine.toBefore;
  if (inside) return other.fromBefore < mine.fromBefore && mine.fromBefore < other.toBefore;
  return mine.fromBefore < other.toBefore && other.fromBefore < mine.toBefore;
}
