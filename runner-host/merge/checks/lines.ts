/** A file's lines, as bytes; the last line feed ends a line and begins none. */
export function splitLines(bytes: string): string[] {
  if (bytes === '') return [];
  const lines = bytes.split('\n');
  if (bytes.endsWith('\n')) lines.pop();
  return lines;
}

/** The form in which lines are compared: without indentation, ends and runs of blanks. */
export const normalise = (line: string): string => line.replace(/[ \t\r\f\v]+/g, ' ').trim();

/** A line that says something: a brace that is missing alone is no loss that anybody could name. */
export const isTelling = (normalised: string): boolean => /[A-Za-z0-9\x80-\xff]/.test(normalised);

export type LineCounts = ReadonlyMap<string, number>;

/** How often each normalised line stands there; empty lines do not count. */
export function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const key = normalise(line);
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** git's own rule: a NUL among the first 8000 bytes. */
export const isBinary = (bytes: string): boolean => bytes.slice(0, 8000).includes('\0');
