import { MOST_REPORT_BYTES } from '../runners/report-limits';
import { quoted } from './command-text';

export const MOST_REPORT_FILES = 500;
/** What the listing adds to the files' own bytes at most. */
export const LISTING_BYTES = 4 * 1024 * 1024;

/** Why the path can't be looked for on the host, or null. It is a path, or one with the wildcards of a shell. */
export function unusableReportPath(path: string): string | null {
  if (path.includes('**') || /[{}\\\0\n]/.test(path)) return 'only *, ? and [...] are understood in a path on the host';
  if (path.split('/').includes('..')) return 'it leads out of its folder';
  return path.endsWith('/') ? 'it is a folder' : null;
}

/** The path for a shell: all but its wildcards as it is. */
function pattern(path: string): string {
  const words = path
    .split(/([*?]|\[[^\]]*\])/)
    .map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : quoted(part)));
  const text = words.join('');
  // A file that begins with a minus is no option.
  return path.startsWith('/') ? text : `./${text}`;
}

/** Removes what an earlier run left: what is there afterwards was written by this one. Ends with a `fault` line if it can't. */
export const removeReports = (path: string): string =>
  `for file in ${pattern(path)}; do [ ! -e "$file" ] && [ ! -L "$file" ] || rm -f "$file" || fault report-path; done`;

/**
 * Prints the report files, each after a line with its size and name, and a last line `end`. `stamp` was written by the host just
 * before the suite began: what is not newer, by the host's own clock and files, is of an earlier run. `stale`, `unreadable` and
 * `huge` lines stand for what is not printed.
 */
export const printReports = (path: string, stamp: string): string =>
  [
    'most=$1 count=0 total=0',
    `for file in ${pattern(path)}; do`,
    '  [ -e "$file" ] || [ -L "$file" ] || continue',
    '  count=$((count + 1))',
    `  [ "$count" -le ${MOST_REPORT_FILES} ] || { echo "many $count"; break; }`,
    '  say() { printf "%s %s\\n" "$1" "$file"; }',
    '  [ -f "$file" ] && [ ! -L "$file" ] || { say "unreadable 0"; continue; }',
    `  [ -n "$(find "$file" -prune -newer ${stamp})" ] || { say "stale 0"; continue; }`,
    '  size=$(stat -c %s "$file") && [ -r "$file" ] || { say "unreadable 0"; continue; }',
    '  total=$((total + size))',
    '  [ "$total" -le "$most" ] || { say "huge $size"; break; }',
    '  say "file $size"',
    '  cat "$file"',
    '  echo',
    'done',
    'echo end',
  ]
    .join('\n')
    .replace('$1', String(MOST_REPORT_BYTES));

export type ListedReports =
  { state: 'found'; files: { name: string; bytes: Buffer }[] } | { state: 'unreadable'; path: string; reason: string };

const REASONS: Record<string, string> = {
  stale: 'it is older than the run',
  unreadable: 'it is no plain file, or can not be read on the host',
  huge: `there are more than ${MOST_REPORT_BYTES} bytes`,
  many: `there are more than ${MOST_REPORT_FILES} files`,
};

/** Takes apart what `printReports` printed. A file that changed its size meanwhile makes all of it unreadable. */
export function readListing(output: Buffer, path: string): ListedReports {
  const files: { name: string; bytes: Buffer }[] = [];
  for (let at = 0; ;) {
    const end = output.indexOf(0x0a, at);
    if (end === -1) return { state: 'unreadable', path, reason: 'it changed while it was read' };
    const line = output.toString('utf8', at, end);
    if (line === 'end' && end === output.length - 1) return { state: 'found', files };
    const [, word, digits, name = path] = /^([a-z]+) (\d+)(?: (.+))?$/.exec(line) ?? [];
    const reason = REASONS[word ?? ''];
    if (reason !== undefined) return { state: 'unreadable', path: plainName(name), reason };
    const size = Number(digits);
    const after = end + 1 + size;
    if (word !== 'file' || output[after] !== 0x0a) {
      return { state: 'unreadable', path, reason: 'it changed while it was read' };
    }
    files.push({ name: plainName(name), bytes: output.subarray(end + 1, after) });
    at = after + 1;
  }
}

const plainName = (name: string): string => (name.startsWith('./') ? name.slice(2) : name);
