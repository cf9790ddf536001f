import type { StoreName } from './store';

/** Everything measured; `slow` = with ms added to each flush. Times in ms, sizes in bytes; NaN or null = not measured. */
export interface Measurements {
  lineBytes: number;
  openings: Opening[];
  singles: Single[];
  several: Several[];
  sightings: Sighting[];
  /** What could not be measured, and why. */
  notes: string[];
}

export interface Opening {
  store: StoreName;
  items: number;
  libraryMs: number;
  openMs: number;
  rss: number;
  fileBytes: number;
}

export interface Single {
  store: StoreName;
  items: number;
  slow: boolean;
  commits: number;
  /** The middle of the rounds' medians, and the best of them: far apart on a machine that had other things to do. */
  p50: number;
  best: number;
  /** NaN for fewer than 100 commits. */
  p99: number;
  /** The median of the first commits of a process. */
  firstP50: number;
  busyMs: number;
  diskBytes: number | null;
  rss: number;
}

export interface Several {
  store: StoreName;
  processes: number;
  slow: boolean;
  perSecond: number;
  p50: number;
  p99: number;
  longest: number;
  /** What the process with the fewest commits got, as a part of its fair share. */
  lowestShare: number;
  lostRaces: number;
  /** Calls that the store refused. */
  failures: number;
  answered: number;
  /** Commits that were answered with success and are not there afterwards; null where nothing can tell. */
  missing: number | null;
}

export interface Sighting {
  store: StoreName;
  slow: boolean;
  p50: number;
  p99: number;
  longest: number;
  unseen: number;
}
