/** `docs/adr/adr-*.md`: documents of one folder, whose names have a number where the star is. */
export interface SeriesParts {
  /** Without a slash at the end; empty: the top folder. */
  folder: string;
  /** What stands in the name before the number, and at its end. */
  prefix: string;
  suffix: string;
}

/** The parts of a series' pattern; null for a pattern that is none: the one star stands in the name, and no other sign of a glob. */
export function seriesParts(pattern: string): SeriesParts | null {
  const slash = pattern.lastIndexOf('/');
  const folder = pattern.slice(0, Math.max(slash, 0));
  const [prefix = '', suffix, ...more] = pattern.slice(slash + 1).split('*');
  if (suffix === undefined || more.length > 0 || slash === 0) return null;
  if (/[*?[\]{}\\\0-\x1f]/.test(folder + prefix + suffix)) return null;
  if (folder !== '' && folder.split('/').some((part) => /^\.{0,2}$/.test(part))) return null;
  // With a digit before the star nobody could say where the number begins.
  return /\d$/.test(prefix) ? null : { folder, prefix, suffix };
}

/** The number in a document's path; undefined: it is not of the series. Both have to be in one encoding. */
export function numberIn(
  { folder, prefix, suffix }: SeriesParts,
  path: string,
): { number: number; digits: string } | undefined {
  const start = folder === '' ? prefix : `${folder}/${prefix}`;
  if (!path.startsWith(start) || !path.endsWith(suffix) || path.length < start.length + suffix.length) return undefined;
  const star = path.slice(start.length, path.length - suffix.length);
  const digits = /^\d{1,9}(?!\d)/.exec(star)?.[0];
  return digits === undefined || star.includes('/') ? undefined : { number: Number(digits), digits };
}
