/** Characters that JSON leaves as they are and YAML does not take, or that hide. */
const TO_ESCAPE =
  /[\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]/gu;

/** A value that stands plain: a word of the contract or a whole number. Any other text is quoted. */
export type FrontMatterValue = { plain: string } | string | number | null;

/** YAML front matter in the given order; the same bytes for the same values. */
export function writeFrontMatter(entries: readonly (readonly [key: string, value: FrontMatterValue])[]): string {
  return `---\n${entries.map(([key, value]) => `${key}: ${written(value)}\n`).join('')}---\n`;
}

/** Texts in double quotes, so that no reader takes a commit of digits for a number. JSON's quoting is YAML's, but for a few characters. */
function written(value: FrontMatterValue): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(Math.round(value));
  if (typeof value !== 'string') return value.plain;
  return JSON.stringify(value).replace(TO_ESCAPE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
