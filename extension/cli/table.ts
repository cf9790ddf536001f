import { displayWidth, fitWidth, padWidth } from './display-width';
import { line, type Line, type Tone } from './line';
import { plainLine } from './plain-text';

export interface TableRow {
  cells: readonly string[];
  tone?: Tone | undefined;
}

const GAP = '  ';
const LEAST_LAST_COLUMN = 16;

/**
 * Aligned columns under a heading.
 * @param columns width of the terminal; the last column is cut to it. Undefined: nothing is cut.
 */
export function table(heading: readonly string[], rows: readonly TableRow[], columns?: number): Line[] {
  const all = [{ cells: heading, tone: 'faint' as const }, ...rows].map((row) => ({
    ...row,
    cells: row.cells.map(plainLine),
  }));
  const widths = heading.map((_, column) => Math.max(...all.map((row) => displayWidth(row.cells[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const last = columns === undefined ? Infinity : Math.max(LEAST_LAST_COLUMN, columns - before - 1);
  return all.map(({ cells, tone }) => {
    const padded = cells.map((cell, column) =>
      column === widths.length - 1 ? fitWidth(cell, last) : padWidth(cell, widths[column] ?? 0),
    );
    return line(padded.join(GAP), tone);
  });
}
