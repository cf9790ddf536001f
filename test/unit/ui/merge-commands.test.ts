import { describe, expect, it } from 'vitest';
import { openFindings, waivedBy } from '../../../extension/ui/merge/open-findings';
import { itemRow, type ItemFacts } from '../../../extension/ui/tree/item-row';
import { runRow } from '../../../extension/ui/tree/run-row';
import { aFinding, aMerged, aMergeReport, OUTCOMES } from './merge-rows';
import { anItem, aReport, aRun, aVerdict, NOW } from './rows';

describe('what a person can let pass', () => {
  it('is what blocks the item in its last run of the merge gate', () => {
    const report = aMergeReport(aMerged({ outcome: OUTCOMES.CARRY_FAIL, test: null }));
    expect(openFindings(report)).toMatchObject([{ hash: 'e'.repeat(64), word: 'Line lost', path: 'docs/größe.md' }]);
  });

  it.each([
    ['no run', undefined],
    ['a run of the tests', aReport()],
    ['one that landed', aMergeReport()],
    ['one about another item', aMergeReport(aMerged({ item: 'DEMO-9', outcome: OUTCOMES.CARRY_FAIL }))],
  ])('is nothing after %s', (_, report) => {
    expect(openFindings(report)).toEqual([]);
  });

  it('is named by the panel, and by nothing else', () => {
    expect(waivedBy({ repository: 'r', item: 'DEMO-1', finding: aFinding().lineHash })).toBe('e'.repeat(64));
    for (const foreign of [undefined, null, 'DEMO-1', { item: 'DEMO-1' }, { finding: 3 }])
      expect(waivedBy(foreign)).toBeUndefined();
  });
});

describe('the tree after a merge run', () => {
  const facts = (item: Parameters<typeof anItem>[0], over: Partial<ItemFacts> = {}): ItemFacts => ({
    item: anItem(item),
    move: undefined,
    activity: undefined,
    hasRun: true,
    leased: false,
    landed: false,
    now: NOW,
    ...over,
  });
  const offered = (given: ItemFacts): string[] =>
    itemRow(given)
      .context.split(' ')
      .filter((token) => ['canWaive', 'canRenumber', 'hasLanded', 'canCleanUp'].includes(token));

  it('offers what fits the outcome', () => {
    expect(offered(facts({ reason_code: 'carry-fail' }))).toEqual(['canWaive']);
    expect(offered(facts({ reason_code: 'number-collision' }))).toEqual(['canWaive', 'canRenumber']);
    expect(offered(facts({ reason_code: 'number-collision', condition: 'running' }))).toEqual([]);
    expect(offered(facts({ reason_code: 'unchecked', condition: 'held' }))).toEqual(['canWaive']);
    expect(offered(facts({ reason_code: 'conflict' }))).toEqual([]);
    expect(offered(facts({ condition: 'done', stage: 'done' }, { landed: true }))).toEqual(['hasLanded', 'canCleanUp']);
    expect(offered(facts({ condition: 'waiting', stage: 'deploy' }, { landed: true }))).toEqual(['hasLanded']);
  });

  it('names the outcome of the run', () => {
    const run = aRun({ kind: 'merge', stage: 'merge' });
    const verdict = aVerdict({ stage: 'merge', reason_code: 'carry-fail', tests: null });
    expect(runRow(run, verdict, 2, NOW).description).toContain('FAIL · carry fail');
  });
});
