import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../extension/artifacts/evidence';
import { biteView } from '../../../extension/ui/panels/bite-view';
import { evidenceOf, evidenceView } from '../../../extension/ui/panels/evidence-view';
import { reportView } from '../../../extension/ui/panels/report-view';
import { ToPanel } from '../../../webview/protocol';
import { aJob, anItem, aReport, aResult, aRun, aVerdict, NOW, readsOf } from './rows';

const names = (...list: string[]) => ({ count: list.length, first: list.map((name) => ({ suite: 's', name })) });
const cell = (end: 'green' | 'red') => ({ end, run: 'r', reused: false, detail: '', failed: names() });
const EVIDENCE: Evidence = {
  base: {
    commit: 'c'.repeat(40),
    run: 'r',
    reused: true,
    end: 'red',
    detail: 'exit code 1\u001b[31m',
    alsoRed: [{ suite: 's', name: 'old' }],
    sameFailureOutside: false,
  },
  names: {
    kept: null,
    against: { item: 'DEMO-0', run: 'r' },
    detail: '',
    fresh: names('a'),
    gone: names('b', 'c'),
    newlySkipped: names(),
  },
  flaky: { red: 'r', failed: names('f'), unknown: names(), unnamed: 0, seen: [] },
  bite: {
    mode: 'advisory',
    testFiles: 1,
    baseOnBase: cell('green'),
    baseOnItem: cell('green'),
    itemOnBase: cell('red'),
    itemOnItem: cell('green'),
  },
  findings: {
    hash: 'h',
    count: 2,
    needPerson: 1,
    first: [{ kind: 'protected', path: 'conftest.py', detail: 'added', content: '', needsPerson: true }],
  },
};

const view = (evidence: Evidence, over: Partial<ReturnType<typeof aResult>> = {}) =>
  evidenceView(evidence, { ...aResult(), ...over });

describe('what a verdict rests on besides its run', () => {
  it('has an entry for each kind, in words, with what it names below it', () => {
    expect(view(EVIDENCE).map(({ label, value, lines }) => [label, value, lines])).toEqual([
      ['Findings', '2 changes, 1 for a person to look at', ['conftest.py: added']],
      [
        'Against base',
        expect.stringMatching(/^cccccccc is red \(exit code 1.*\); 1 failure of this run is there too$/),
        ['s › old'],
      ],
      ['Flaky', '1 test red before on the identical tree, 0 not on record as flaky', ['s › f']],
      ['Tests by name', '1 new, 2 gone, 0 newly skipped', ['Gone: s › b', 'Gone: s › c', 'New: s › a']],
    ]);
  });

  it('unfolds what a person has to look at, and nothing else', () => {
    expect(view(EVIDENCE).map(({ open }) => open)).toEqual([true, false, false, false]);
  });

  it('says how many lines are left out', () => {
    expect(view(EVIDENCE).map(({ more }) => more)).toEqual([1, 0, 0, 0]);
  });

  it('says why base could not be asked', () => {
    const base = { ...EVIDENCE.base!, end: 'unknown' as const, detail: 'no room on the disk', alsoRed: [] };
    expect(view({ base })).toMatchObject([{ value: 'cccccccc could not be asked: no room on the disk', lines: [] }]);
  });

  it('has the requests after the suite and the writes to the outside', () => {
    const smoke = [
      { url: 'http://127.0.0.1/a', outcome: 'right' as const, detail: '200', durationMs: 1 },
      { url: 'http://127.0.0.1/b', outcome: 'wrong' as const, detail: '500, not 200', durationMs: 1 },
    ];
    const refused = { at: 0, action: 'blocked' as const, method: 'POST', target: 'example.invalid', by: 'fetch' };
    const guard = { blocked: 1, allowed: 0, unreadable: 1, entries: [refused] };
    expect(view({}, { smoke, guard })).toMatchObject([
      { label: 'Smoke', value: '2 requests, 1 not answered as expected', open: true },
      {
        label: 'Writes to the outside',
        value: '1 refused, 0 let pass to the sandbox; 1 line of the record cannot be read',
        lines: ['Refused: POST to example.invalid (fetch)'],
        open: true,
      },
    ]);
    expect(view({}, { guard: { ...guard, blocked: 0, unreadable: 0, entries: [] } })).toEqual([]);
  });

  it('holds no escape sequence, and the panel takes it', () => {
    const job = { ...aJob(), id: aRun().id, rules: JSON.stringify({ evidence: EVIDENCE }) };
    const reads = readsOf({ items: [anItem()], runs: [aRun()], verdicts: [aVerdict()] });
    const read = { ...reads, job: () => job };
    const report = reportView(aReport(), { read, rule: null, artifact: { state: 'unchanged' }, now: NOW });
    expect(report.evidence).toHaveLength(4);
    expect(JSON.stringify(report)).not.toContain('\\u001b');
    const target = { version: 1, repository: '/r', item: 'DEMO-1', run: null };
    expect(ToPanel.safeParse({ type: 'report', target, report }).success).toBe(true);
  });

  it('is nothing where there is none, or where it cannot be understood', () => {
    expect(view({})).toEqual([]);
    expect(evidenceOf(undefined)).toEqual({});
    expect(evidenceOf({ ...aJob(), rules: '{"evidence": {"base": 1}}' })).toEqual({});
    expect(evidenceOf({ ...aJob(), rules: 'no json' })).toEqual({});
  });
});

describe('the bite matrix', () => {
  const bite = EVIDENCE.bite!;

  it('says of each cell whether it is as it must be', () => {
    expect(biteView(bite)?.cells).toMatchObject({
      baseOnBase: { word: 'green', state: 'agrees' },
      itemOnBase: { word: 'red', state: 'agrees', note: 'as it must be' },
    });
    const blunt = biteView({ ...bite, itemOnBase: cell('green'), baseOnItem: cell('red') });
    expect(blunt?.cells).toMatchObject({
      itemOnBase: { word: 'green', state: 'disagrees', note: 'must be red' },
      baseOnItem: { word: 'red', state: 'disagrees', note: 'must be green' },
    });
  });

  it('never counts as agreement what is not known', () => {
    const unknown = { ...cell('red'), end: 'unknown' as const, detail: 'not run: cancelled' };
    expect(biteView({ ...bite, itemOnBase: unknown })?.cells?.itemOnBase).toEqual({
      word: 'not known',
      state: 'unknown',
      note: 'not run: cancelled',
    });
  });

  it('has no cells where the item changed no test file, and is nothing where nobody asked', () => {
    expect(biteView({ ...bite, testFiles: 0 })).toMatchObject({ cells: null });
    expect(biteView(undefined)).toBeNull();
  });
});
