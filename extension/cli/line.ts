import { styleText } from 'node:util';
import { plainLine } from './plain-text';

/** A whole line carries the tone, never a part of it: so the text can be made safe at the one place that prints it. */
export type Tone = 'title' | 'good' | 'bad' | 'warning' | 'faint';

export interface Line {
  text: string;
  tone?: Tone;
}

const STYLE = { title: 'bold', good: 'green', bad: 'red', warning: 'yellow', faint: 'dim' } as const satisfies Record<
  Tone,
  string
>;

export const line = (text: string, tone?: Tone): Line => (tone === undefined ? { text } : { text, tone });
export const BLANK: Line = { text: '' };

/** The line as it is printed, without its end: hostile characters removed, then coloured if asked. */
export function paint({ text, tone }: Line, colour: boolean): string {
  const safe = plainLine(text);
  return colour && tone && safe ? styleText(STYLE[tone], safe, { validateStream: false }) : safe;
}
