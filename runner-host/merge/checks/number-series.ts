import { numberIn, seriesParts } from '../../protocol/document-series';
import type { BytePath, ListedEntry } from './trees';

export interface NumberSeries {
  pattern: string;
  /** Of bytes, without a slash at the end; empty: the top folder. */
  folder: BytePath;
  /** What stands in the name before the number. */
  prefix: string;
  matches(path: BytePath): { number: number; digits: string } | undefined;
}

/** Throws `RangeError` for a pattern that is no series; the message says what it should be. */
export function readSeries(pattern: string): NumberSeries {
  const parts = seriesParts(Buffer.from(pattern, 'utf8').toString('latin1'));
  if (parts === null)
    throw new RangeError(
      `"${pattern}" is no series of documents: write it as "docs/adr/adr-*.md", with one star in the name`,
    );
  const { folder, prefix } = parts;
  return { pattern, folder, prefix, matches: (path) => numberIn(parts, path) };
}

export interface NumberedFile {
  path: BytePath;
  number: number;
  digits: string;
}

export function numberedFiles(series: NumberSeries, entries: readonly ListedEntry[]): NumberedFile[] {
  return entries.flatMap(({ path }) => {
    const found = series.matches(path);
    return found ? [{ path, ...found }] : [];
  });
}
