import { KEEPERS } from './plan';
import type { Measurements, Several, Single } from './results';
import type { StoreName } from './store';

/** The ledger beside an alternative, everything from the same run. */
export interface Ratio {
  what: string;
  other: StoreName;
  text: string;
}

/** One sentence for each comparison that was measured on both sides. */
export function ratiosOf({ singles, several }: Measurements): Ratio[] {
  const ratios: Ratio[] = [];
  const others: readonly StoreName[] = ['raw', ...KEEPERS.filter((store) => store !== 'journal')];
  for (const other of others) {
    for (const mine of singles.filter(({ store }) => store === 'journal')) {
      const theirs = singles.find(
        ({ store, items, slow }) => store === other && items === mine.items && slow === mine.slow,
      );
      if (theirs) ratios.push({ what: whatOf(mine), other, text: compareSingles(mine, theirs) });
    }
    for (const mine of several.filter(({ store, processes }) => store === 'journal' && processes > 1)) {
      const theirs = several.find(
        ({ store, processes, slow }) => store === other && processes === mine.processes && slow === mine.slow,
      );
      if (theirs && other !== 'raw')
        ratios.push({ what: whatOfSeveral(mine), other, text: compareSeveral(mine, theirs) });
    }
  }
  return ratios;
}

const flush = (slow: boolean): string => (slow ? ', slow flush' : '');
const whatOf = ({ items, slow }: Single): string => `1 process, ${items.toLocaleString('en')} items${flush(slow)}`;
const whatOfSeveral = ({ processes, slow }: Several): string => `${processes} processes${flush(slow)}`;

function compareSingles(mine: Single, theirs: Single): string {
  const parts = [`p50 ${times(mine.p50, theirs.p50)}`, `event loop ${times(mine.busyMs, theirs.busyMs)}`];
  if (mine.diskBytes !== null && theirs.diskBytes !== null)
    parts.push(`disk ${times(mine.diskBytes, theirs.diskBytes)}`);
  return parts.join(', ');
}

function compareSeveral(mine: Several, theirs: Several): string {
  return `commits/s ${times(mine.perSecond, theirs.perSecond)}, p99 ${times(mine.p99, theirs.p99)}, longest wait ${times(mine.longest, theirs.longest)}`;
}

/** How many times theirs ours is. */
function times(mine: number, theirs: number): string {
  const ratio = mine / theirs;
  return Number.isFinite(ratio) ? `${Number(ratio.toPrecision(2))}x` : 'not measured';
}
