import { drawBarChart } from './bar-chart';
import { LABELS } from './labels';
import { drawLineChart, type Series } from './line-chart';
import type { Measurements, Single } from './results';
import { ADDED_MS } from './slow-flush';
import type { StoreName } from './store';
import { element, label } from './svg';

/** Told apart by the colour-blind too, on white and on black. */
const COLOURS: Readonly<Record<StoreName, string>> = {
  raw: '#8a8a8a',
  'raw-async': '#8a8a8a',
  journal: '#0a84c8',
  'sql.js': '#d55e00',
  'better-sqlite3': '#009e73',
  'node:sqlite': '#b05fa8',
};
const STYLE = `text{font:11px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}.grid{stroke:#8884}
.back{fill:#fff}@media (prefers-color-scheme:dark){text{fill:#ccc}.back{fill:#1b1b1b}}`;
const SHOWN: readonly StoreName[] = ['raw', 'journal', 'sql.js', 'better-sqlite3', 'node:sqlite'];

/** The charts of the page as one SVG. */
export function drawCharts(measured: Measurements): string {
  const line = (
    title: string,
    y: string,
    slow: boolean,
    of: (one: Single) => number | null,
  ): [string, string, Series[]] => [
    title,
    y,
    seriesOf(
      measured.singles.filter((one) => one.slow === slow),
      of,
    ),
  ];
  const charts = [
    line('Commit, median', 'ms', false, ({ p50 }) => p50),
    line(`Event loop busy for a commit, +${ADDED_MS} ms a flush`, 'ms', true, ({ busyMs }) => busyMs),
    line('Bytes to disk for a commit', 'bytes', false, ({ diskBytes }) => diskBytes),
  ].filter(([, , series]) => series.length > 0);
  const most = Math.max(0, ...measured.several.map(({ processes }) => processes));
  const together = measured.several.filter(({ processes, store }) => processes === most && store !== 'raw-async');
  const bars = (slow: boolean) =>
    together
      .filter((one) => one.slow === slow)
      .map(({ store, perSecond, lowestShare }) => ({
        name: LABELS[store],
        colour: COLOURS[store],
        value: perSecond,
        text: `${Math.round(perSecond).toLocaleString('en')}, ${Math.round(lowestShare * 100)} %`,
      }));
  const note = 'commits/s of all, and the lowest share of a process';
  const places = [
    ...charts.map(
      ([title, y, series]) =>
        (left: number, top: number) =>
          drawLineChart({ title, x: 'items', y, series }, left, top),
    ),
    (left: number, top: number) => drawBarChart(`${most} processes on ten items`, note, bars(false), left, top),
    ...(bars(true).length > 0
      ? [
          (left: number, top: number) =>
            drawBarChart(`${most} processes, +${ADDED_MS} ms a flush`, note, bars(true), left, top),
        ]
      : []),
  ];
  const height = 40 + Math.ceil(places.length / 2) * 270;
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 860 ${height}`, width: 860, height, role: 'img' },
    element('title', {}, 'The ledger beside its alternatives'),
    element('style', {}, STYLE),
    element('rect', { class: 'back', width: 860, height }),
    legend(),
    ...places.map((draw, index) => draw((index % 2) * 430, 36 + Math.floor(index / 2) * 270)),
  );
}

function legend(): string {
  const keys = SHOWN.map((store, index) => {
    const x = 58 + index * 160;
    const mark = element('rect', { x, y: 14, width: 12, height: 12, rx: 2, fill: COLOURS[store] });
    return mark + label(x + 18, 24, LABELS[store]);
  });
  return element('g', {}, ...keys);
}

function seriesOf(singles: readonly Single[], of: (one: Single) => number | null): Series[] {
  return SHOWN.flatMap((store) => {
    const points = singles
      .filter((one) => one.store === store)
      .flatMap((one) => {
        const value = of(one);
        return value === null ? [] : [[one.items, value] as const];
      });
    return points.length === 0 ? [] : [{ name: store, colour: COLOURS[store], dashed: store === 'raw', points }];
  });
}
