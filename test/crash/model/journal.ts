import type { Replay } from './replay';

/**
 * The journal file of the model. A byte is one of: `|` a newline, a small letter the first half of a line's text, the capital
 * of the same letter its second half, `.` anything else (zeros or noise after a power cut, the start of a torn line).
 */
export interface Journal {
  readonly bytes: string;
  /** One letter for each byte: `d` on disk, `u` not flushed yet, `x` dropped by a flush that failed though it can be read. */
  readonly safety: string;
  readonly contents: Contents;
}

/** What the letters stand for: the first one's group, the second one's; null once no byte of it can be read any more. */
export class Contents {
  /** Equal for equal contents. */
  readonly text: string;
  /** What sequences of lines over these groups mean, each worked out once. */
  readonly replays = new Map<string, Replay>();
  /** What a power cut may leave of files with these contents, each worked out once. */
  readonly images = new Map<string, readonly Journal[]>();

  constructor(readonly groups: readonly (Group | null)[]) {
    if (groups.length > MOST_GROUPS) throw new RangeError('there are no letters for so many lines');
    this.text = groups.map((group) => (group ? `${textOf(group.tx)}@${group.attests}` : '')).join(';');
  }
}

/** The capitals from P on name processes. */
const MOST_GROUPS = 15;

/** What one line holds. */
export interface Group {
  readonly tx: readonly Tx[];
  /** Attestation: the bytes that the writer believed to be on disk when it wrote this line. */
  readonly attests: string;
}

export interface Tx {
  readonly id: string;
  readonly pre: readonly Cell[];
  readonly put: readonly Cell[];
  /** Ghost: the lease token under which it was written; '' = under none. */
  readonly under: string;
}
/** An absent row has the value ''. */
export type Cell = readonly [row: string, value: string];

/** Equal for equal transactions. */
export function textOf(tx: readonly Tx[]): string {
  return tx.map(({ id, pre, put, under }) => `${id}/${pre.join()}/${put.join()}/${under}`).join('+');
}

export const EMPTY: Journal = { bytes: '', safety: '', contents: new Contents([]) };
export const NEWLINE = '|';
export const NOISE = '.';

const firstHalf = (group: number): string => String.fromCharCode(97 + group);
export const groupOf = (line: string): number => line.charCodeAt(0) - 97;

/** Adds groups to what the letters stand for. Returns their letters; `append` puts their bytes into the file. */
export function addGroups(journal: Journal, groups: readonly Group[]): { journal: Journal; letters: string } {
  const before = journal.contents.groups;
  const letters = groups.map((_, index) => firstHalf(before.length + index)).join('');
  return { journal: { ...journal, contents: new Contents([...before, ...groups]) }, letters };
}

export function append({ bytes, safety, contents }: Journal, more: string): Journal {
  return { bytes: bytes + more, safety: safety + 'u'.repeat(more.length), contents };
}

/** All that waits is on disk; what a failed flush dropped stays lost. */
export function flushed(journal: Journal): Journal {
  return { ...journal, safety: journal.safety.replaceAll('u', 'd') };
}

/**
 * What waits can be read but will never be on disk.
 * @param open bytes at the end that belong to a write that is still going on: its page gets dirty again
 */
export function dropped(journal: Journal, open: number): Journal {
  const { safety } = journal;
  const kept = safety.length - open;
  return { ...journal, safety: safety.slice(0, kept).replaceAll('u', 'x') + safety.slice(kept) };
}

export interface Reading {
  /** The complete lines in order: the letter of a whole line, `.` for garbage; blank lines are left out. */
  readonly lines: string;
  /** Behind the last newline that was read. */
  readonly end: number;
}

/** @param passOpen takes what stands behind the last newline for a line too: a mistake that the model can make */
export function readLines(bytes: string, passOpen = false): Reading {
  let lines = '';
  let end = 0;
  for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, end)) {
    if (newline > end) lines += decode(bytes.slice(end, newline));
    end = newline + 1;
  }
  return passOpen ? { lines: lines + decode(bytes.slice(end)), end: bytes.length } : { lines, end };
}

/** A line's text: its letter if it is whole, '' for a blank line, else noise. */
function decode(text: string): string {
  if (text === '') return '';
  const whole = text.length === 2 && text !== NOISE + NOISE && text.charCodeAt(0) - 32 === text.charCodeAt(1);
  return whole ? text.charAt(0) : NOISE;
}

/** Whether a line attests bytes that are not those in the file. */
export function isDamaged({ bytes, contents }: Journal, lines: string): boolean {
  for (const line of lines) {
    const group = line === NOISE ? null : contents.groups[groupOf(line)];
    if (group && !bytes.startsWith(group.attests)) return true;
  }
  return false;
}

/** A write ended early: what stands behind the last newline is noise, unless it lacks nothing but its newline. */
export function tear(journal: Journal): Journal {
  const { end } = readLines(journal.bytes);
  const open = journal.bytes.slice(end);
  if (open === '' || decode(open) !== NOISE) return journal;
  return forgetUnreadable({ ...journal, bytes: journal.bytes.slice(0, end) + NOISE.repeat(open.length) });
}

/** Leaves out what no reader will ever see again, so that states that differ in it alone are one. */
export function forgetUnreadable(journal: Journal): Journal {
  const readable = (group: Group | null, index: number) => !group || journal.bytes.includes(firstHalf(index));
  const { groups } = journal.contents;
  if (groups.every(readable)) return journal;
  return { ...journal, contents: new Contents(groups.map((group, index) => (readable(group, index) ? group : null))) };
}
