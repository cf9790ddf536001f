import type { Measurements, Single } from './results';

/** A promise of the ledger beside what was measured of it. */
export interface HeldFigure {
  name: string;
  measured: string;
  limit: string;
  holds: boolean;
}

/** A figure that was not measured does not hold. */
export function judge({ singles, openings, several, sightings }: Measurements): HeldFigure[] {
  const journal = singles.filter(({ store, slow }) => store === 'journal' && !slow);
  const floor = (items: number): Single | undefined =>
    singles.find((one) => one.store === 'raw' && one.items === items && !one.slow);
  const worst = (of: (one: Single) => number): number => Math.max(lowest(journal), ...journal.map(of));
  const p50s = journal.map(({ p50 }) => p50);
  const four = several.filter(({ store, processes }) => store === 'journal' && processes > 1);
  const most = Math.max(0, ...four.map(({ processes }) => processes));
  const disk = worst(({ diskBytes, items }) => (diskBytes ?? NaN) / (floor(items)?.diskBytes ?? NaN));
  const sighting = sightings.find(({ store, slow }) => store === 'journal' && !slow)?.p99 ?? NaN;
  const opening = openings.find(({ store, items }) => store === 'journal' && items === 10_000)?.openMs ?? NaN;
  const share = 100 * Math.min(four.length === 0 ? NaN : Infinity, ...four.map(({ lowestShare }) => lowestShare));
  const missing = four.length === 0 ? NaN : four.reduce((sum, one) => sum + (one.missing ?? NaN), 0);
  return [
    atMost(
      'commit p50 beside one append + fdatasync of the same size, at any size',
      worst(({ p50, items }) => p50 / (floor(items)?.p50 ?? NaN)),
      3,
      'x',
    ),
    atMost('commit p50, slowest size beside the quickest', Math.max(...p50s) / Math.min(...p50s), 1.3, 'x'),
    atMost(
      'event loop busy for a commit, at any size and any flush',
      Math.max(
        worst(({ busyMs }) => busyMs),
        slowBusy(singles),
      ),
      0.4,
      ' ms',
    ),
    atMost('bytes to disk for a commit beside one append + fdatasync of the same size, at any size', disk, 1.05, 'x'),
    atMost('another window sees a commit, p99', sighting, 10, ' ms'),
    atMost('opening 10,000 items', opening, 60, ' ms'),
    atLeast(`fair share of the process with the fewest commits, up to ${most} processes`, share, 90, ' %'),
    atMost('acknowledged commits that are missing afterwards', missing, 0, ''),
  ];
}

/** Where the search for a worst figure starts: without any figure it ends there, as not measured. */
const lowest = (list: readonly unknown[]): number => (list.length === 0 ? NaN : -Infinity);

function slowBusy(singles: readonly Single[]): number {
  return Math.max(
    ...singles.filter(({ store, slow }) => store === 'journal' && slow).map(({ busyMs }) => busyMs),
    -Infinity,
  );
}

function atMost(name: string, value: number, limit: number, unit: string): HeldFigure {
  return { name, measured: text(value, unit), limit: `<= ${limit}${unit}`, holds: value <= limit };
}

function atLeast(name: string, value: number, limit: number, unit: string): HeldFigure {
  return { name, measured: text(value, unit), limit: `>= ${limit}${unit}`, holds: value >= limit };
}

function text(value: number, unit: string): string {
  return Number.isFinite(value) ? `${Number(value.toPrecision(3))}${unit}` : 'not measured';
}
