import { describe, expect, it } from 'vitest';
import type { BiteCell, BiteEvidence } from '../../../extension/artifacts/evidence';
import { baseTestsFinding, judgeBite, whyBlunt } from '../../../extension/pipeline/judge-bite';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import { suiteRan } from './rows';

const ENDS = ['green', 'red', 'timeout', 'unknown'] as const;
const cell = (end: BiteCell['end']): BiteCell => ({
  end,
  run: 'r1',
  reused: false,
  detail: 'exit code',
  failed: { count: 0, first: [] },
});
const matrix = (
  ends: Partial<Record<'baseOnBase' | 'baseOnItem' | 'itemOnBase', BiteCell['end']>> = {},
): BiteEvidence => ({
  mode: 'required',
  testFiles: 1,
  baseOnBase: cell(ends.baseOnBase ?? 'green'),
  baseOnItem: cell(ends.baseOnItem ?? 'green'),
  itemOnBase: cell(ends.itemOnBase ?? 'red'),
  itemOnItem: cell('green'),
});

describe('the matrix', () => {
  it('bites only if base is green and the item’s tests are red there', () => {
    for (const baseOnBase of ENDS)
      for (const itemOnBase of ENDS) {
        const expected =
          itemOnBase === 'green' ? 'blunt' : itemOnBase === 'red' && baseOnBase === 'green' ? 'bites' : 'unknown';
        expect([baseOnBase, itemOnBase, judgeBite(matrix({ baseOnBase, itemOnBase }))]).toEqual([
          baseOnBase,
          itemOnBase,
          expected,
        ]);
      }
  });

  it('closes the gate where it is required and does not bite', () => {
    expect(whyBlunt(matrix())).toBeUndefined();
    expect(whyBlunt(matrix({ itemOnBase: 'green' }))).toMatchObject({ code: 'no-bite' });
    expect(whyBlunt(matrix({ itemOnBase: 'timeout' }))).toMatchObject({ code: 'bite-unknown' });
    expect(whyBlunt({ ...matrix({ itemOnBase: 'green' }), mode: 'advisory' })).toBeUndefined();
    expect(whyBlunt({ ...matrix({ itemOnBase: 'unknown' }), testFiles: 0 })).toBeUndefined();
  });

  it('turns a pass into no verdict, never the other way round', () => {
    const judged = (exitCode: number, bite: BiteEvidence): string => {
      const judgement = judgeTestRun(suiteRan({ exitCode }), { floor: null, floorSource: 'off', evidence: { bite } });
      return judgement.kind === 'verdict' ? judgement.verdict : 'infra';
    };
    expect(judged(0, matrix())).toBe('PASS');
    expect(judged(0, matrix({ itemOnBase: 'green' }))).toBe('INCONCLUSIVE');
    expect(judged(1, matrix())).toBe('FAIL');
  });

  it('has a person look where base’s tests are not green on the item’s code', () => {
    expect(baseTestsFinding(matrix())).toEqual([]);
    for (const baseOnItem of ['red', 'timeout', 'unknown'] as const)
      expect(baseTestsFinding(matrix({ baseOnItem }))).toMatchObject([{ kind: 'base-tests', needsPerson: true }]);
    expect(baseTestsFinding({ ...matrix({ baseOnItem: 'red' }), mode: 'advisory' })).toEqual([]);
  });
});
