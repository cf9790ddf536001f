import { element, label } from './svg';

export interface Bar {
  name: string;
  colour: string;
  value: number;
  text: string;
}

const WIDTH = 420;
const ROW = 24;
const LEFT = 150;
const RIGHT = 110;

/** Bars beside their figures, from zero to the longest. */
export function drawBarChart(title: string, note: string, bars: readonly Bar[], left: number, top: number): string {
  const longest = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ name, colour, value, text }, index) => {
    const y = 48 + index * ROW;
    const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * value) / longest);
    return [
      label(LEFT - 8, y + 13, name, { 'text-anchor': 'end' }),
      element('rect', { x: LEFT, y, width, height: ROW - 8, fill: colour, rx: 2 }),
      label(LEFT + width + 6, y + 13, text),
    ].join('');
  });
  return element(
    'g',
    { transform: `translate(${left} ${top})` },
    label(58, 20, title, { class: 'title' }),
    label(58, 34, note),
    ...rows,
  );
}
