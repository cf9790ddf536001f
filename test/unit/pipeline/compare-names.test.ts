import { describe, expect, it } from 'vitest';
import { compareNames, differ, listOf } from '../../../extension/pipeline/compare-names';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import type { JobRow } from '../../../extension/ledger/rows';
import type { NameList, Names } from '../../../extension/pipeline/ports';
import type { CaseResult } from '../../../runner-host/protocol/result';
import { failedCase } from '../artifacts/report-input';
import { readReport, suiteRan } from './rows';

const one = (name: string, outcome: CaseResult['outcome'] = 'passed'): CaseResult => failedCase({ name, outcome });
const list = (...cases: CaseResult[]): NameList => listOf(cases);
const names = (told: { first: { name: string }[] }): string[] => told.first.map(({ name }) => name);

describe('two lists of tests', () => {
  it('differ by what is new, gone and newly skipped', () => {
    const before = list(one('stays'), one('goes'), one('rests'), one('rested', 'skipped'));
    const after = list(one('stays'), one('rests', 'skipped'), one('rested', 'skipped'), one('comes', 'failed'));
    const told = differ(before, after);
    expect(names(told.fresh)).toEqual(['comes']);
    expect(names(told.gone)).toEqual(['goes']);
    expect(names(told.newlySkipped)).toEqual(['rests']);
  });

  it('name at most 50 and count all', () => {
    const many = Array.from({ length: 120 }, (_, n) => one(`test ${n}`));
    const { gone } = differ(list(...many), list(one('other')));
    expect(gone.count).toBe(120);
    expect(gone.first).toHaveLength(50);
  });

  it('take a name that is executed in one case and skipped in another for executed', () => {
    expect(list(one('a', 'skipped'), one('a'))).toEqual({ executed: [{ suite: 'orders', name: 'a' }], skipped: [] });
  });
});

describe('the evidence', () => {
  const kept = new Map<string, NameList>();
  const store = (cases: CaseResult[] | null): Names => ({
    casesOf: async () => cases,
    keep: async (each) => (kept.set('mine', each), 'mine'),
    read: async (hash) => kept.get(hash) ?? null,
  });
  const landed = (hash: string | null) => {
    const none = { count: 0, first: [] };
    const evidence = {
      names: { kept: hash, against: null, detail: '', fresh: none, gone: none, newlySkipped: none },
    };
    const rules = JSON.stringify({ floor: null, floorSource: '', base: '', configHash: '', evidence });
    return { read: { job: () => ({ rules }) as JobRow } } as never;
  };
  const against = { item: 'DEMO-0', run: 'r0' };

  it('names what is gone, and a count below the floor says so', async () => {
    kept.set('theirs', list(one('a'), one('b'), one('c'), one('d'), one('e')));
    const ports = { names: store([one('a'), one('e', 'skipped')]), ledger: landed('theirs') };
    const told = await compareNames(ports, 'r1', suiteRan(), against);
    expect(told).toMatchObject({ kept: 'mine', against, gone: { count: 3 }, newlySkipped: { count: 1 } });
    const judgement = judgeTestRun(suiteRan({ report: readReport({ passed: 1, skipped: 1 }) }), {
      floor: 5,
      floorSource: 'base',
      evidence: { names: told },
    });
    expect(judgement.reason.text).toMatch(
      /1 tests were executed and base asks for at least 5; gone: b, c, d; newly skipped: e$/,
    );
  });

  it('says why nothing was compared', async () => {
    const result = suiteRan();
    expect(await compareNames({ names: store(null), ledger: landed('x') }, 'r1', result, against)).toMatchObject({
      against: null,
      kept: null,
      detail: expect.stringContaining('not on disk'),
    });
    expect(await compareNames({ names: store([one('a')]), ledger: landed('x') }, 'r1', result, null)).toMatchObject({
      against: null,
      kept: 'mine',
      detail: expect.stringContaining('landed yet'),
    });
    for (const hash of ['lost', null]) {
      const told = await compareNames({ names: store([one('a')]), ledger: landed(hash) }, 'r1', result, against);
      expect(told).toMatchObject({ against: null, detail: expect.stringContaining('are gone') });
    }
  });

  it('is none for a run without a report', async () => {
    const bare = suiteRan({ report: { state: 'not-configured' } });
    expect(await compareNames({ names: store(null), ledger: landed('x') }, 'r1', bare, against)).toBeUndefined();
  });
});
