import type { BytePath, ListedEntry } from './trees';

/** `docs/adr/adr-*.md`: documents of one folder, whose names have a number where the star is. */
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
  const bytes = Buffer.from(pattern, 'utf8').toString('latin1');
  const slash = bytes.lastIndexOf('/');
  const folder = bytes.slice(0, Math.max(slash, 0));
  const [prefix = '', suffix, ...more] = bytes.slice(slash + 1).split('*');
  if (suffix === undefined || more.length > 0 || folder.includes('*') || folder.startsWith('/'))
    throw new RangeError(
      `"${pattern}" is no series of documents: write it as "docs/adr/adr-*.md", with one star in the name`,
    );
  const start = folder === '' ? prefix : `${folder}/${prefix}`;
  const matches = (path: BytePath): { number: number; digits: string } | undefined => {
    if (!path.startsWith(start) || !path.endsWith(suffix) || path.length < start.length + suffix.length)
      return undefined;
    const star = path.slice(start.length, path.length - suffix.length);
    const digits = /^\d{1,9}(?!\d)/.exec(star)?.[0];
    return digits === undefined || star.includes('/') ? undefined : { number: Number(digits), digits };
  };
  return { pattern, folder, prefix, matches };
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
