import type { TestConfig } from '../config/project-config';
import type { LedgerReads } from '../ledger/ledger';
import type { TestRules } from './judge';
import { STAGES } from './stages';

const LANDED = new Set(
  STAGES.slice(STAGES.findIndex((stage) => stage.name === 'merge') + 1).map((stage) => stage.name as string),
);

/**
 * The least number of executed tests for a PASS. `base`: what the last item that landed had executed; until one has landed,
 * and for a suite without a report, only "at least one test" (which the report itself proves) is asked for.
 */
export function testFloor(
  test: Pick<TestConfig, 'floor' | 'report'>,
  read: Pick<LedgerReads, 'items' | 'verdicts'>,
): TestRules {
  if (test.floor === 'off') return { floor: null, floorSource: 'off' };
  if (typeof test.floor === 'number') return { floor: test.floor, floorSource: 'test.floor' };
  if (!test.report) return { floor: null, floorSource: 'base, but no report is configured' };
  const newest = lastLanded(read);
  if (!newest) return { floor: null, floorSource: 'base, where nothing has landed yet' };
  return { floor: newest.executed, floorSource: `base (${newest.item}, the last one that landed)` };
}

export interface Landed {
  item: string;
  run: string;
  at: number;
  /** Tests that were executed. */
  executed: number;
}

/** The newest PASS with a report among the items that have landed. */
export function lastLanded(read: Pick<LedgerReads, 'items' | 'verdicts'>): Landed | undefined {
  let newest: Landed | undefined;
  for (const item of read.items()) {
    if (!LANDED.has(item.stage)) continue;
    const verdict = read.verdicts(item.id).find((row) => row.stage === 'testing' && row.verdict === 'PASS');
    if (!verdict || verdict.tests === null) continue;
    const executed = verdict.tests - (verdict.skipped ?? 0);
    if (!newest || verdict.at > newest.at) newest = { at: verdict.at, executed, item: item.id, run: verdict.id };
  }
  return newest;
}
