import type { CheckLimits } from './check-limits';

/** A bound was reached: what is being looked at counts as not checked. */
export class BudgetSpent extends Error {
  constructor(readonly bound: keyof CheckLimits) {
    super(`the bound ${bound} is reached`);
    this.name = 'BudgetSpent';
  }
}

/** What one check may still do. Every method throws `BudgetSpent` at the bound. */
export class Budget {
  readonly limits: CheckLimits;
  #bytes: number;
  #comparisons: number;
  #paths: number;

  constructor(limits: CheckLimits) {
    this.limits = limits;
    this.#bytes = limits.mostBytes;
    this.#comparisons = limits.mostComparisons;
    this.#paths = limits.mostPaths;
  }

  takePath(): void {
    if (--this.#paths < 0) throw new BudgetSpent('mostPaths');
  }

  takeBytes(count: number): void {
    this.#bytes -= count;
    if (this.#bytes < 0) throw new BudgetSpent('mostBytes');
  }

  takeComparison(): void {
    if (--this.#comparisons < 0) throw new BudgetSpent('mostComparisons');
  }
}
