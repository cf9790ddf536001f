import { describe, expect, it } from 'vitest';
import type { MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import { reportView } from '../../../extension/ui/panels/report-view';
import { ToPanel, type ReportView } from '../../../webview/protocol';
import { aMerged, aMergeJob, aMergeReport, BASE, COMMIT, OUTCOMES } from './merge-rows';
import { aCase, anItem, aReport, aResult, aRun, aVerdict, NOW, readsOf, runId } from './rows';

type Reads = Parameters<typeof readsOf>[0];

function viewOf(report = aMergeReport(), reads: Reads = {}, spec: Record<string, unknown> = {}): ReportView {
  const read = readsOf({ runs: [report.run], jobs: [aMergeJob(spec)], ...reads });
  const view = reportView(report, { read, rule: null, artifact: { state: 'none' }, now: NOW });
  const target = { version: 1, repository: 'r', item: 'DEMO-1', run: null } as const;
  expect(ToPanel.safeParse({ type: 'report', target, report: view }).error).toBeUndefined();
  return view;
}

const names = Object.keys(OUTCOMES) as MergeOutcomeName[];
const outcome = (name: MergeOutcomeName, over: Parameters<typeof aMerged>[0] = {}) =>
  viewOf(aMergeReport(aMerged({ outcome: OUTCOMES[name], ...over })));
const check = (view: ReportView, label: string) => view.checks.find((one) => one.label === label);

describe('the report of a merge run', () => {
  it.each(names)('says %s in words, and only what landed looks green', (name) => {
    const { strip } = outcome(name);
    expect(strip.tone === 'pass').toBe(name === 'LANDED' || name === 'ALREADY_LANDED');
    expect(strip.word).not.toBe('');
    expect(strip.sentence).not.toBe('');
    expect(strip.remedy === '').toBe(name === 'LANDED');
  });

  it('names what landed where', () => {
    const view = outcome('LANDED');
    expect(view.strip).toMatchObject({ word: 'LANDED', sentence: '11111111 is on main, read back from there.' });
    expect(view.facts).toContainEqual({ label: 'Landed commit', value: '11111111', title: COMMIT });
    expect(view.facts).toContainEqual({ label: 'Built on', value: 'main 33333333', title: BASE });
    expect(view.checks.map(({ label, state }) => [label, state])).toEqual([
      ['Candidate', 'agrees'],
      ['Nothing lost', 'agrees'],
      ['Numbers', 'agrees'],
      ['Markers', 'agrees'],
      ['Tests', 'agrees'],
      ['Remote', 'agrees'],
    ]);
    expect(view.counts).toMatchObject({ tests: 3 });
    expect(view.merge?.commands).toEqual(['verify-commit']);
  });

  it('praises nothing that an earlier step kept it from', () => {
    const conflict = outcome('CONFLICT', { candidate: null, tree: null, test: null });
    const states = conflict.checks.map(({ label, state }) => [label, state]);
    expect(states).toEqual([
      ['Candidate', 'disagrees'],
      ['Nothing lost', 'unknown'],
      ['Numbers', 'unknown'],
      ['Markers', 'unknown'],
      ['Tests', 'unknown'],
    ]);
    const lost = outcome('CARRY_FAIL', { test: null });
    expect(check(lost, 'Candidate')?.state).toBe('agrees-on-red');
    expect(check(lost, 'Nothing lost')).toMatchObject({ state: 'disagrees', value: '3 findings' });
    expect(check(lost, 'Markers')?.state).toBe('unknown');
  });

  it('does not count the test of an earlier candidate, which base has overtaken', () => {
    const view = outcome('CARRY_FAIL');
    expect(check(view, 'Tests')).toMatchObject({ state: 'unknown', value: 'not reached' });
    expect(view.counts).toBeNull();
    expect(view.facts.some(({ label }) => label === 'Tested tree')).toBe(false);
  });

  it('never says of a test that could not run that it agrees', () => {
    const result = { ...aResult({ exitCode: null }), status: 'infra', cause: 'timeout', detail: 'x' } as const;
    const test = { state: 'ran', commit: COMMIT, tree: COMMIT, result } as const;
    expect(check(outcome('TIMEOUT', { test }), 'Tests')).toMatchObject({ state: 'unknown', value: 'timeout' });
  });

  it('lists findings with the line, and the way to let one pass', () => {
    const { merge } = outcome('CARRY_FAIL', { test: null });
    expect(merge?.findings).toEqual([
      {
        word: 'Line lost',
        path: 'docs/größe.md',
        line: 'export const VAT = 0.19;',
        why: "the line is not in the candidate. The item's work.",
        waive: 'e'.repeat(64),
      },
    ]);
    expect(merge?.moreFindings).toBe(2);
  });

  it('offers nothing on a run that is not the last one', () => {
    const report = aMergeReport(aMerged({ outcome: OUTCOMES.NUMBER_COLLISION, test: null }));
    const newer = aRun({ id: runId(2), stage: 'merge', kind: 'merge' });
    const { merge, strip } = viewOf(report, { runs: [newer, report.run] });
    expect(merge?.commands).toEqual([]);
    expect(merge?.findings[0]?.waive).toBeNull();
    expect(strip.remedy).toBe('');
    expect(viewOf(report).merge?.commands).toEqual(['renumber']);
  });

  it('shows a conflict with the text of both sides, as text', () => {
    const { merge } = outcome('CONFLICT', { candidate: null, test: null });
    expect(merge?.conflicts).toEqual([
      { path: 'src/price.js', sides: 'changed on both sides', hunks: [{ line: 3, text: '<<<<<<< ours\n<b>a</b>\n' }] },
    ]);
  });

  it('shows how numbers would move', () => {
    const { merge } = outcome('NUMBER_COLLISION', { test: null });
    expect(merge?.renumber).toEqual([
      {
        from: 'docs/adr/adr-0007-b.md',
        to: 'docs/adr/adr-0008-b.md',
        note: 'docs/adr/adr-0007-a.md keeps the number',
      },
    ]);
    expect(merge?.renumberedLines).toBe(1);
  });

  it('says which run proves a commit that is not tested again', () => {
    const test = { state: 'proven', commit: COMMIT, tree: COMMIT, by: 'commit' } as const;
    const earlier = aRun({ id: runId(2), head: COMMIT });
    const report = aMergeReport(aMerged({ test }));
    const view = viewOf(report, {
      runs: [report.run, earlier],
      verdicts: [aVerdict({ id: runId(2), verdict: 'PASS' })],
    });
    expect(check(view, 'Tests')).toMatchObject({
      state: 'agrees',
      value: 're-test skipped',
      note: `this very commit passed the same command in run ${runId(2)}`,
    });
    expect(view.counts).toBeNull();
  });

  it('says of a batch that only its last commit was tested', () => {
    const view = outcome('LANDED', { batch: ['DEMO-2'], tip: BASE });
    expect(view.facts.find(({ label }) => label === 'Batch')?.value).toContain('this one on its own was not');
    expect(check(view, 'Tests')?.note).toContain('DEMO-2');
  });

  it('shows the failures of this item alone: not those of base, nor those of another half of the batch', () => {
    const test = { state: 'ran', commit: COMMIT, tree: COMMIT, result: aResult() } as const;
    const red = aMerged({ outcome: OUTCOMES.RED, test });
    const cases = [aCase({ name: 'of another suite' })];
    const failuresOf = (report: ReturnType<typeof aMergeReport>) => viewOf(report).failures.map(({ name }) => name);
    expect(failuresOf(aMergeReport(red, { cases }))).toEqual(['of another suite']);
    expect(failuresOf(aMergeReport([red, aMerged({ item: 'DEMO-2' })], { cases }))).toEqual(['adds']);
    const asked = { ...OUTCOMES.RED, base: aResult() };
    expect(failuresOf(aMergeReport({ ...red, outcome: asked }, { cases }))).toEqual(['adds']);
  });

  it('shows security and coverage where they are configured', () => {
    const report = aMergeReport(aMerged({ coverage: { covered: 81, total: 100 } }));
    const view = viewOf(report, {}, { security: {}, coverage: { floor: { covered: 80, total: 100 } } });
    expect(check(view, 'Security')?.state).toBe('unknown');
    expect(check(view, 'Coverage')).toMatchObject({ value: '81.00 % of lines', note: 'base has 80.00 % of lines' });
    expect(check(viewOf(), 'Coverage')).toBeUndefined();
  });

  it('says of a gate that did not come to its end that there is no verdict', () => {
    const { supervision } = aResult();
    const lost = { status: 'infra', run: runId(1), item: 'DEMO-1', kind: 'merge', supervision } as const;
    const report = aMergeReport([], { result: { ...lost, cause: 'host-lost', detail: 'gone' } });
    expect(viewOf(report)).toMatchObject({ merge: null, checks: [], strip: { tone: 'infra', decidedBy: 'nobody' } });
    const other = aMergeReport(aMerged({ item: 'DEMO-9' }));
    expect(viewOf(other)).toMatchObject({ merge: null, strip: { decidedBy: 'nobody' } });
  });

  it('calls a hold for infra by its name', () => {
    const report = aMergeReport(aMerged({ outcome: OUTCOMES.INFRA, test: null }), {
      item: anItem({ stage: 'merge', condition: 'held' }),
    });
    expect(viewOf(report).strip.word).toBe('HELD: INFRA');
  });

  it('is empty in the reports of other runs', () => {
    const view = reportView(aReport(), { read: readsOf({}), rule: null, artifact: { state: 'none' }, now: NOW });
    expect(view.merge).toBeNull();
  });
});
