/**
 * Terminal escape sequences (ECMA-48 CSI and OSC, and two-character ones) and stray control characters, for places that show
 * plain text. Lengths are bounded: an unfinished sequence must not cost more than its own text.
 */
const ESCAPES =
  /\u001b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|\u001b[ -/]{1,4}[0-~]|\u001b[@-Z\\-_]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The text without escape sequences; a line that was overwritten with `\r` keeps its last state. */
export function stripEscapes(text: string): string {
  return text
    .replace(ESCAPES, '')
    .replace(/\r+\n/g, '\n')
    .replace(/^[^\n]*\r(?=[^\n])/gm, '');
}
