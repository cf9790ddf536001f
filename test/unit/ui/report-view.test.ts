import { describe, expect, it } from 'vitest';
import { ToPanel } from '../../../webview/protocol';
import { crossCheck } from '../../../extension/ui/panels/cross-check';
import { floorRule } from '../../../extension/ui/panels/floor-rule';
import { FAILURES_SHOWN, type ReportFacts } from '../../../extension/ui/panels/report-parts';
import { reportView } from '../../../extension/ui/panels/report-view';
import { runningView } from '../../../extension/ui/panels/running-view';
import { verdictStrip } from '../../../extension/ui/panels/verdict-strip';
import { aCase, aJob, anInfraResult, anItem, aReport, aResult, aRun, aVerdict, NOW, readsOf, runId } from './rows';

const facts = (over: Partial<ReportFacts> = {}): ReportFacts => ({
  read: readsOf({ items: [anItem()], runs: [aRun()], verdicts: [aVerdict()] }),
  rule: { floor: 1, floorSource: 'the least there can be' },
  artifact: { state: 'unchanged' },
  now: NOW,
  ...over,
});

describe('the verdict strip', () => {
  it('says who decided: the exit code, or loudly an agent', () => {
    expect(verdictStrip(aReport(), true, null)).toMatchObject({ word: 'FAIL', tone: 'fail', decidedBy: 'exit-code' });
    const opinion = aReport({ verdict: aVerdict({ verdict: 'PASS', producer: 'agent' }) });
    expect(verdictStrip(opinion, true, null)).toMatchObject({ word: 'PASS', decidedBy: 'agent' });
    expect(reportView(opinion, facts()).warnings.join()).toContain('opinion');
  });

  it.each([
    ['timeout', 'deferred', 'DEFERRED: INFRA'],
    ['command-not-found', 'held', 'HELD: INFRA'],
    ['cancelled', 'ready', 'CANCELLED'],
    ['timeout', 'ready', 'NO VERDICT'],
  ] as const)('gives no verdict for %s on an item that is %s', (cause, condition, word) => {
    const report = aReport({
      verdict: null,
      item: anItem({ condition }),
      result: anInfraResult(cause, 'why it was so'),
    });
    const strip = verdictStrip(report, true, null);
    expect(strip).toMatchObject({ word, decidedBy: 'nobody', sentence: 'why it was so' });
    expect(strip.tone).toBe(cause === 'cancelled' ? 'none' : 'infra');
  });

  it('is never green without a verdict of the ledger, whatever the exit code', () => {
    const report = aReport({ verdict: null, result: aResult({ exitCode: 0 }) });
    expect(verdictStrip(report, true, null).tone).not.toBe('pass');
  });

  it('shows a word that it does not know as inconclusive', () => {
    expect(verdictStrip(aReport({ verdict: aVerdict({ verdict: 'GREAT' }) }), true, null).tone).toBe('inconclusive');
  });

  it('does not apply the present condition to an old run', () => {
    const report = aReport({
      verdict: null,
      item: anItem({ condition: 'held' }),
      result: anInfraResult('timeout', 'x'),
    });
    expect(verdictStrip(report, false, null).word).toBe('NO VERDICT');
  });
});

describe('the cross-check', () => {
  const states = (report: Parameters<typeof crossCheck>[0], rule = facts().rule, artifact = facts().artifact) =>
    Object.fromEntries(crossCheck(report, rule, artifact).map(({ label, state }) => [label, state]));
  const counted = (over: object) => ({
    state: 'read' as const,
    files: [],
    tests: 3,
    passed: 3,
    failed: 0,
    errored: 0,
    skipped: 0,
    failures: [],
    ...over,
  });

  it('finds all of a green run in agreement', () => {
    expect(states(aReport({ result: aResult({ exitCode: 0 }, counted({})) }))).toEqual({
      'Exit code': 'agrees',
      Report: 'agrees',
      Floor: 'agrees',
      Artifact: 'agrees',
    });
  });

  it('shows agreement that a run is red without the sign of success', () => {
    const red = 'agrees-on-red';
    expect(states(aReport())).toEqual({ 'Exit code': red, Report: red, Floor: red, Artifact: red });
    expect(states(aReport({ result: aResult({ exitCode: null, signal: 'SIGSEGV' }) }))['Exit code']).toBe(red);
  });

  it('marks a green exit with red tests, and a red exit without', () => {
    expect(states(aReport({ result: aResult({ exitCode: 0 }) })).Report).toBe('disagrees');
    expect(states(aReport({ result: aResult({}, counted({})) })).Report).toBe('disagrees');
  });

  it('marks a report that is missing or cannot be read', () => {
    expect(states(aReport({ result: aResult({}, { state: 'missing', path: 'r.xml' }) })).Report).toBe('disagrees');
    const unreadable = { state: 'unreadable', path: 'r.xml', reason: 'unclosed root' } as const;
    expect(states(aReport({ result: aResult({}, unreadable) })).Report).toBe('disagrees');
  });

  it('never counts what is not proven as agreement', () => {
    expect(states(aReport({ result: aResult({ exitCode: 0 }, { state: 'not-configured' }) })).Report).toBe('unknown');
    expect(states(aReport(), null).Floor).toBe('unknown');
    expect(states(aReport(), { floor: null, floorSource: 'off' }).Floor).toBe('unknown');
    expect(states(aReport(), facts().rule, { state: 'missing' }).Artifact).toBe('unknown');
  });

  it('counts executed tests only against the floor', () => {
    const report = aReport({ result: aResult({}, counted({ tests: 9, passed: 3, skipped: 6 })) });
    expect(states(report, { floor: 4, floorSource: 'DEMO-0' }).Floor).toBe('disagrees');
    expect(states(report, { floor: 3, floorSource: 'DEMO-0' }).Floor).toBe('agrees-on-red');
  });

  it('marks an edited report, and warns of it', () => {
    expect(states(aReport(), facts().rule, { state: 'edited' }).Artifact).toBe('disagrees');
    const view = reportView(aReport(), facts({ artifact: { state: 'edited' } }));
    expect(view.warnings.join()).toContain('not the one that Interlock wrote');
  });

  it('checks nothing where the suite did not run', () => {
    expect(
      crossCheck(aReport({ verdict: null, result: anInfraResult('timeout', 'x') }), null, { state: 'none' }),
    ).toEqual([]);
  });

  it('reads the floor that was fixed when the run was started', () => {
    expect(floorRule(aJob())).toEqual({ floor: 1, floorSource: 'the least there can be' });
    expect(floorRule(aJob({ rules: '{"floor":"many"}' }))).toBeNull();
    expect(floorRule(aJob({ rules: 'not json' }))).toBeNull();
    expect(floorRule(undefined)).toBeNull();
  });
});

describe('the report that a panel shows', () => {
  it('is a message that the panel accepts', () => {
    const target = { version: 1 as const, repository: '/r/.git', item: 'DEMO-1', run: null };
    const message = {
      type: 'report',
      target,
      report: reportView(aReport({ cases: [aCase(), aCase({ outcome: 'skipped' })] }), facts()),
    };
    expect(ToPanel.safeParse(message).error).toBeUndefined();
    const running = runningView(anItem(), aJob(), undefined, readsOf({}), NOW);
    expect(ToPanel.safeParse({ type: 'running', target, running }).error).toBeUndefined();
  });

  it('says when the branch has moved on from the tested commit', () => {
    expect(reportView(aReport({ movedTo: 'f'.repeat(40) }), facts()).warnings).toEqual([
      expect.stringMatching(/^Stale: .*cccccccc.*ffffffff/),
    ]);
  });

  it('says when it is not the newest run, and then gives no advice', () => {
    const read = readsOf({ items: [anItem()], runs: [aRun({ id: runId(2) }), aRun()], verdicts: [aVerdict()] });
    const view = reportView(aReport(), facts({ read }));
    expect(view.warnings.join()).toContain('newer run');
    expect(view.strip.remedy).toBe('');
    expect(view.attempts.map(({ run, shown }) => [run, shown])).toEqual([
      [runId(1), true],
      [runId(2), false],
    ]);
  });

  it('names the stage of each run where an item has runs of several', () => {
    const runs = [aRun({ id: runId(2), stage: 'deploy-staging', kind: 'staging' }), aRun()];
    const view = reportView(aReport(), facts({ read: readsOf({ items: [anItem()], runs, verdicts: [aVerdict()] }) }));
    expect(view.attempts.map(({ when }) => when.split(',')[0])).toEqual(['testing', 'deploy-staging']);
    expect(reportView(aReport(), facts()).attempts[0]?.when).not.toContain('testing');
  });

  it('says loudly that a green item is held, and what helps in a window', () => {
    const remedy = 'Look at the changes, then: interlock acknowledge DEMO-1 --set 0123456789ab';
    const reason = 'the suite is green, but it changed conftest.py';
    const hold = { item: 'DEMO-1', code: 'findings', reason, remedy, actor: 'a', run: null, at: NOW };
    const rows = { items: [anItem({ condition: 'held' })], runs: [aRun()], verdicts: [aVerdict()] };
    const green = aReport({ verdict: aVerdict({ verdict: 'PASS' }) });
    const view = reportView(green, facts({ read: readsOf({ ...rows, holds: [hold] }) }));
    expect(view.warnings).toContain('Held: The suite is green, but it changed conftest.py.');
    expect(view.strip.remedy).toBe('Look at the changes, then: "Interlock: Acknowledge Findings"');
    expect(reportView(green, facts({ read: readsOf(rows) })).warnings).toEqual([]);
  });

  it('gives the remedy of a hold', () => {
    const hold = { item: 'DEMO-1', code: 'c', reason: 'r', remedy: 'Install pytest.', actor: 'a', run: null, at: NOW };
    const read = readsOf({ items: [anItem()], runs: [aRun()], holds: [hold] });
    expect(reportView(aReport(), facts({ read })).strip.remedy).toBe('Install pytest.');
  });

  it('shows a red suite without a failed test as failed outside its tests', () => {
    const report = aReport({
      cases: [aCase({ outcome: 'passed' })],
      result: aResult({}, { state: 'missing', path: 'r.xml' }),
    });
    const view = reportView(report, facts());
    expect(view.failures).toEqual([]);
    expect(view.outside).toContain('outside its tests');
  });

  it('bounds what it sends, and says how much is left out', () => {
    const cases = Array.from({ length: FAILURES_SHOWN + 50 }, (_, index) =>
      aCase({ name: `t${index}`, details: 'x'.repeat(50_000) }),
    );
    const report = {
      ...aResult().report,
      state: 'read' as const,
      files: [],
      tests: 999,
      passed: 0,
      failed: 260,
      errored: 0,
      skipped: 0,
      failures: [],
    };
    const view = reportView(aReport({ cases, result: aResult({}, report) }), facts());
    expect(view.failures).toHaveLength(FAILURES_SHOWN);
    expect(view.moreFailures).toBe(60);
    expect(view.failures[0]?.details.map(({ text }) => text).join('').length).toBe(20_000);
  });

  it('falls back to the failures in the result when the cases are gone', () => {
    expect(reportView(aReport({ cases: null }), facts()).failures).toEqual([
      expect.objectContaining({ name: 'adds', expected: '3', actual: '2', file: 'test/sum.test.js', line: 12 }),
    ]);
  });

  it('does not link to places outside the worktree', () => {
    const [failure] = reportView(
      aReport({ cases: [aCase({ file: '../../etc/passwd', details: '/etc/passwd.txt:1' })] }),
      facts(),
    ).failures;
    expect(failure?.file).toBeNull();
    expect(failure?.details.some((piece) => piece.file !== undefined)).toBe(false);
  });

  it('lists what was skipped', () => {
    const view = reportView(
      aReport({ cases: [aCase({ outcome: 'skipped', name: 'later', message: 'not yet' })] }),
      facts(),
    );
    expect(view.skipped).toEqual([{ suite: 'sums', name: 'later', message: 'not yet' }]);
  });

  it('lists what passed only when run again, as far as the result names it', () => {
    const flaky = { count: 30, first: [{ suite: 'sums', name: 'adds\nsometimes' }] };
    const report = {
      ...aResult().report,
      state: 'read' as const,
      files: [],
      tests: 40,
      passed: 40,
      failed: 0,
      errored: 0,
    };
    const view = reportView(aReport({ result: aResult({}, { ...report, skipped: 0, failures: [], flaky }) }), facts());
    expect(view.counts).toMatchObject({ passed: 40, flaky: 30 });
    expect(view.flaky).toEqual([{ suite: 'sums', name: 'adds sometimes' }]);
    expect(reportView(aReport({}), facts())).toMatchObject({ flaky: [] });
  });

  it('names what the run left behind', () => {
    const supervision = { leaked: 2, outputDropped: 2048, survivors: [{ pid: 7, startTime: '1', command: 'x' }] };
    const { warnings } = reportView(aReport({ result: aResult(supervision) }), facts());
    expect(warnings.join()).toContain('2 processes');
    expect(warnings.join()).toContain('2 KiB');
    expect(warnings.join()).toContain('process 7');
  });
});

describe('a run that has no result yet', () => {
  it('shows its place in the queue', () => {
    const activity = { run: runId(9), state: 'queued' as const, position: 3 };
    expect(runningView(anItem(), aJob(), activity, readsOf({}), NOW).sentence).toContain('position 3');
  });

  it('says that it is being stopped, not that it has stopped', () => {
    const activity = { run: runId(9), state: 'stopping' as const, position: null };
    expect(runningView(anItem(), aJob(), activity, readsOf({}), NOW).sentence).toContain('being stopped');
  });
});
