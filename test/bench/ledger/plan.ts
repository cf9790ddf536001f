import type { StoreName } from './store';

/** What is measured and for how long. Times in ms. */
export interface Plan {
  sizes: readonly number[];
  /** Each cell is measured this often, the stores taking turns, so that a busy moment does not hit one of them alone. */
  rounds: number;
  /** With slow flushes, which are what is measured then. */
  slowRounds: number;
  roundMs: number;
  opens: number;
  processes: readonly number[];
  severalRounds: number;
  severalMs: number;
  /** Items in the ledger while several processes write, and how many of them they all want. */
  severalItems: number;
  hotItems: number;
  sightings: number;
  sightingsEveryMs: number;
}

export const FULL: Plan = {
  sizes: [100, 1000, 10_000, 100_000],
  rounds: 5,
  slowRounds: 3,
  roundMs: 500,
  opens: 5,
  processes: [1, 2, 4],
  severalRounds: 2,
  severalMs: 2000,
  severalItems: 1000,
  hotItems: 10,
  sightings: 100,
  sightingsEveryMs: 20,
};

export const QUICK: Plan = {
  ...FULL,
  sizes: [100, 10_000],
  rounds: 1,
  slowRounds: 1,
  roundMs: 250,
  opens: 1,
  processes: [2],
  severalRounds: 1,
  severalMs: 600,
  sightings: 25,
};

/** Those that keep rows. */
export const KEEPERS: readonly StoreName[] = ['journal', 'sql.js', 'better-sqlite3', 'node:sqlite'];
/** The floor: their cost does not depend on how many items there are. */
export const FLOORS: readonly StoreName[] = ['raw', 'raw-async'];
