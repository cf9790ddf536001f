import { describe, expect, it } from 'vitest';
import { drawCharts } from '../../bench/ledger/charts';
import { judge } from '../../bench/ledger/figures-to-hold';
import { writePage } from '../../bench/ledger/page';
import { middle, quantile } from '../../bench/ledger/quantile';
import { ratiosOf } from '../../bench/ledger/ratios';
import type { Measurements, Single } from '../../bench/ledger/results';

const NOTHING: Measurements = { lineBytes: 900, openings: [], singles: [], several: [], sightings: [], notes: [] };

function single(store: Single['store'], rest: Partial<Single> = {}): Single {
  return {
    store,
    items: 100,
    slow: false,
    commits: 500,
    p50: 1,
    best: 1,
    p99: 2,
    firstP50: 3,
    busyMs: 0.1,
    diskBytes: 4096,
    rss: 2 ** 20,
    ...rest,
  };
}

describe('quantile', () => {
  it('gives a value that was measured, never one in between', () => {
    expect(middle([4, 1, 3, 2])).toBe(2);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
    expect(quantile([7], 0.01)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('the figures to hold', () => {
  it('do not hold where nothing was measured', () => {
    for (const { measured, holds } of judge(NOTHING))
      expect({ measured, holds }).toEqual({ measured: 'not measured', holds: false });
  });

  it('take the worst size, not the best', () => {
    const singles = [
      single('raw'),
      single('raw', { items: 1000 }),
      single('journal', { p50: 2 }),
      single('journal', { items: 1000, p50: 3.5 }),
    ];
    const [beside, flat] = judge({ ...NOTHING, singles });
    expect(beside).toMatchObject({ measured: '3.5x', holds: false });
    expect(flat).toMatchObject({ measured: '1.75x', holds: false });
  });
});

describe('the bytes that reach the disk', () => {
  const held = (diskBytes: number | null) =>
    judge({ ...NOTHING, singles: [single('raw'), single('journal', { diskBytes })] }).find(({ name }) =>
      name.startsWith('bytes to disk'),
    );

  it('are held against those of one append of the same size, whole pages as it needs', () => {
    expect(held(4096)).toMatchObject({ measured: '1x', holds: true });
    expect(held(2 * 4096)).toMatchObject({ measured: '2x', holds: false });
    expect(held(null)).toMatchObject({ measured: 'not measured', holds: false });
  });
});

describe('the page', () => {
  it('has a dash for what was not measured, and says why', () => {
    const measured = {
      ...NOTHING,
      singles: [single('journal', { p99: NaN, diskBytes: null })],
      notes: ['no C compiler'],
    };
    const page = writePage(measured, ['a machine'], judge(measured), ratiosOf(measured));
    expect(page).toContain('| 100 | journal | 1 (1) | - | 3 | 0.1 | - | 1 | - | - | - |');
    expect(page).toContain('- no C compiler');
  });

  it('compares only what was measured on both sides', () => {
    const singles = [
      single('journal', { p50: 2, diskBytes: null }),
      single('node:sqlite'),
      single('sql.js', { items: 1000 }),
    ];
    expect(ratiosOf({ ...NOTHING, singles })).toEqual([
      { what: '1 process, 100 items', other: 'node:sqlite', text: 'p50 2x, event loop 1x' },
    ]);
  });

  it('has charts without a figure that is no number', () => {
    const singles = [single('journal'), single('journal', { items: 1000 }), single('raw', { p50: NaN })];
    const chart = drawCharts({ ...NOTHING, singles });
    expect(chart).toContain('<polyline');
    expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  });
});
