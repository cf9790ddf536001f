/** East Asian wide and fullwidth ranges (UAX #11) and emoji take two cells; combining marks and joiners take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NOTHING = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Number of terminal cells that the text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NOTHING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text cut to at most `cells` terminal cells, the cut marked with an ellipsis. */
export function fitWidth(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let fitted = '';
  let width = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > cells - 1) break;
    fitted += character;
  }
  return cells < 1 ? '' : `${fitted}…`;
}

/** The text filled with spaces to `cells` terminal cells. */
export function padWidth(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - displayWidth(text)));
}
