import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../extension/pipeline/budgets';
import { testFloor } from '../../../extension/pipeline/floor';
import type { VerdictRow } from '../../../extension/ledger/rows';
import { itemRow } from './rows';

const junit = { format: 'junit', path: 'r.xml' } as const;

function passed(item: string, tests: number, skipped: number, at: number): VerdictRow {
  return {
    id: `r-${item}`,
    item,
    stage: 'testing',
    verdict: 'PASS',
    reason_code: '',
    reason: '',
    producer: 'test-runner',
    head: '',
    tree: '',
    base: '',
    command: '',
    config_hash: '',
    tests,
    failed: 0,
    skipped,
    at,
  };
}

describe('the floor', () => {
  const items = [
    itemRow({ id: 'A', stage: 'deploy' }),
    itemRow({ id: 'B', stage: 'done' }),
    itemRow({ id: 'C', stage: 'merge' }),
  ];
  const verdicts: Record<string, VerdictRow[]> = {
    A: [passed('A', 12, 2, 100)],
    B: [passed('B', 8, 0, 50)],
    C: [passed('C', 99, 0, 200)],
  };
  const read = { items: () => items, verdicts: (id: string) => verdicts[id] ?? [] };

  it('is what the last landed item had executed: not skipped ones, not those of items on their way', () => {
    expect(testFloor({ floor: 'base', report: junit }, read)).toMatchObject({ floor: 10 });
  });

  it('is the number that the project sets', () => {
    expect(testFloor({ floor: 42, report: junit }, read)).toEqual({ floor: 42, floorSource: 'test.floor' });
  });

  it('is none when switched off, without a report, or before anything has landed', () => {
    expect(testFloor({ floor: 'off', report: junit }, read).floor).toBeNull();
    expect(testFloor({ floor: 'base', report: null }, read).floor).toBeNull();
    expect(testFloor({ floor: 'base', report: junit }, { items: () => [], verdicts: () => [] }).floor).toBeNull();
  });
});

describe('the back-off', () => {
  it('is 30 s, 2 min, 8 min with 20 % either way', () => {
    expect([1, 2, 3].map((retry) => backOffMs(retry, 0.5))).toEqual([30_000, 120_000, 480_000]);
    expect(backOffMs(1, 0)).toBe(24_000);
    expect(backOffMs(1, 1)).toBe(36_000);
  });
});
