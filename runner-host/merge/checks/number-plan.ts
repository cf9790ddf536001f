import type { BytePath } from './trees';

export interface NumberReservation {
  /** The series' pattern. */
  series: string;
  number: number;
  item: string;
}

/** One in-flight document that gives its number up. */
export interface Yield {
  series: string;
  from: BytePath;
  to: BytePath;
  /** As it stands in the name, with its zeros: `0049`. */
  oldDigits: string;
  newDigits: string;
  /** The path that keeps the number; empty: it is reserved for another item, whose document is not there yet. */
  keeps: BytePath;
}

/** One line that the item added and that names the old number. */
export interface LineReplacement {
  /** In the candidate, before the document moves. */
  path: BytePath;
  /** From 1. */
  lineNumber: number;
  before: string;
  after: string;
}

export interface RenumberPlan {
  yields: Yield[];
  replacements: LineReplacement[];
}

/** A file to be written: remove `from`, write `to`. They are equal where only lines change. */
export interface RenumberedFile {
  from: BytePath;
  to: BytePath;
  mode: string;
  /** latin1: one character is one byte. */
  bytes: string;
}
