import { stripVTControlCharacters } from 'node:util';

/**
 * What is left after escape sequences: C0 and C1 controls (a lone carriage return could overwrite the line before it), line
 * separators, and the marks that reorder text on the screen and so make it read as something else.
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** The text as one line that cannot move the cursor, colour, link or reorder anything: safe to print whoever wrote it. */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\t', '  ').replace(UNSAFE, ' ').trimEnd();
}

/** The text's own lines, each made safe by `plainLine`. A carriage return ends a line as it does on a terminal. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map(plainLine);
}

/** JSON on one line whose strings hold no raw control or reordering character either; parses to the same value. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (characters) =>
    [...characters].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );
}
