import { element, label } from './svg';

export interface Series {
  name: string;
  colour: string;
  dashed?: boolean;
  points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  title: string;
  x: string;
  y: string;
  series: readonly Series[];
}

const WIDTH = 420;
const HEIGHT = 260;
const PLOT = { left: 58, right: 12, top: 40, bottom: 42 };

/** A chart with both axes logarithmic: what differs by powers of ten can be seen at once. Its corner is at x, y. */
export function drawLineChart({ title, x, y, series }: LineChart, left: number, top: number): string {
  const points = series.flatMap((one) => one.points).filter(([, value]) => value > 0);
  const xs = range(points.map(([value]) => value));
  const ys = range(points.map(([, value]) => value));
  const toX = scale(xs, PLOT.left, WIDTH - PLOT.right);
  const toY = scale(ys, HEIGHT - PLOT.bottom, PLOT.top);
  const grid = powers(ys).map((value) =>
    [
      element('line', { class: 'grid', x1: PLOT.left, x2: WIDTH - PLOT.right, y1: toY(value), y2: toY(value) }),
      label(PLOT.left - 6, toY(value) + 4, short(value), { 'text-anchor': 'end' }),
    ].join(''),
  );
  const ticks = powers(xs).map((value) =>
    label(toX(value), HEIGHT - PLOT.bottom + 16, short(value), { 'text-anchor': 'middle' }),
  );
  const lines = series.map(({ colour, dashed, points: own }) => {
    const places = own.filter(([, value]) => value > 0).map(([a, b]) => [toX(a), toY(b)] as const);
    const path = places.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ');
    const line = element('polyline', {
      points: path,
      fill: 'none',
      stroke: colour,
      'stroke-width': 2,
      ...(dashed ? { 'stroke-dasharray': '5 4' } : {}),
    });
    return [line, ...places.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: colour }))].join('');
  });
  return element(
    'g',
    { transform: `translate(${left} ${top})` },
    label(PLOT.left, 20, title, { class: 'title' }),
    label(PLOT.left, 34, y),
    label(WIDTH - PLOT.right, HEIGHT - 8, x, { 'text-anchor': 'end' }),
    ...grid,
    ...ticks,
    ...lines,
  );
}

/** From a power of ten to a power of ten, around all values. */
function range(values: readonly number[]): [low: number, high: number] {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9);
  return [low, Math.max(high, low + 1)];
}

function scale([low, high]: readonly [number, number], from: number, to: number): (value: number) => number {
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function powers([low, high]: readonly [number, number]): number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1000 ? `${value / 1000}k` : String(Number(value.toPrecision(1)));
}
