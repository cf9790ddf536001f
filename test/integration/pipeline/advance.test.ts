import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const REPORT = 'docs/work-items/DEMO-1/13-test-report.md';
const ann = { actor: 'person:ann' };

let sample: SampleRepository;
let engine: Engine;

async function open(config: object = SAMPLE_CONFIG): Promise<void> {
  sample = sampleRepository(config);
  engine = await openTestEngine(sample.root);
  const added = await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
  expect(added).toMatchObject({ ok: true });
  sample.plan('DEMO-1', { passed: 4 });
}

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

describe('an item at testing', () => {
  beforeEach(() => open());

  it('with a green suite advances, with the report committed on its branch', async () => {
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({
      outcome: 'advanced',
      from: 'testing',
      to: 'merge',
      verdict: 'PASS',
      result: 'suite-ran',
    });
    expect(git(sample.worktree('DEMO-1'), 'status', '--porcelain')).toBe('');
    expect(git(sample.worktree('DEMO-1'), 'show', `HEAD:${REPORT}`)).toContain(`run: "${report.run}"`);
    expect(git(sample.worktree('DEMO-1'), 'show', '--name-only', '--format=', 'HEAD')).toBe(REPORT);
    expect(engine.read.item('DEMO-1')).toMatchObject({ stage: 'merge', infra_retries: 0, developer_retries: 0 });
    expect(engine.read.leases()).toEqual([]);
    expect(engine.read.openJobs()).toEqual([]);
  });

  it('with a red suite rolls back to development and names the failing tests', async () => {
    sample.plan('DEMO-1', { passed: 2, failed: 1 });
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'rolled-back', to: 'development', verdict: 'FAIL', result: 'suite-ran' });
    expect(report.reason.text).toContain('1 of 3 tests failed (exit code 1)');
    const shown = await engine.report('DEMO-1');
    expect(shown?.cases?.filter((one) => one.outcome === 'failed')).toMatchObject([
      { name: 'breaks 0', file: 'suite.mjs', line: 4 },
    ]);
    expect(git(sample.worktree('DEMO-1'), 'show', `HEAD:${REPORT}`)).toContain('breaks 0');
  });

  it('goes green after a red one was fixed and moved on', async () => {
    sample.plan('DEMO-1', { failed: 1 });
    await engine.advance('DEMO-1', ann);
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'waiting',
      reason: { code: 'waiting-for-producer' },
    });
    sample.plan('DEMO-1', { passed: 5 });
    expect(await engine.release('DEMO-1', 'person:ann', 'fixed')).toMatchObject({
      ok: true,
      item: { stage: 'testing' },
    });
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', verdict: 'PASS' });
    const history = engine.read.transitions('DEMO-1').map((row) => row.outcome);
    expect(history).toEqual(['added', 'started', 'rolled-back', 'advanced', 'started', 'advanced']);
  });

  it.each([
    ['report-missing', { passed: 3, report: false }],
    ['report-unreadable', { passed: 3, cut: 120 }],
    ['report-disagrees', { passed: 3, failed: 1, exit: 0 }],
    ['no-tests-ran', { skipped: 3 }],
    ['tree-changed', { passed: 3, write: 'suite.json' }],
  ])('is held as INCONCLUSIVE: %s', async (code, plan) => {
    sample.plan('DEMO-1', plan);
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', to: 'testing', verdict: 'INCONCLUSIVE', reason: { code } });
    expect(engine.read.hold('DEMO-1')).toMatchObject({ code });
    expect(engine.read.alerts()).toMatchObject([{ item: 'DEMO-1', code }]);
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held' });
    expect(await engine.release('DEMO-1', 'person:ann', 'seen')).toMatchObject({
      ok: true,
      item: { stage: 'testing', condition: 'ready' },
    });
  });

  it('refuses a report that somebody wrote by hand, before anything runs', async () => {
    commitFile(sample.worktree('DEMO-1'), REPORT, '---\nresult: PASS\nstatus: PASS\nverdict: PASS\n---\n');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale' },
      run: null,
    });
    expect(engine.read.item('DEMO-1')?.stage).toBe('testing');
    expect(engine.read.runs('DEMO-1')).toEqual([]);
    expect(engine.read.item('DEMO-1')).toMatchObject({ condition: 'waiting', reason_code: 'forged-or-stale' });
  });

  it('refuses a genuine report that was edited, and one that is only on disk', async () => {
    sample.plan('DEMO-1', { failed: 1 });
    await engine.advance('DEMO-1', ann);
    await engine.release('DEMO-1', 'person:ann', '');
    const path = join(sample.worktree('DEMO-1'), REPORT);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('FAIL', 'PASS'));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale' },
    });
    git(sample.worktree('DEMO-1'), 'commit', '--quiet', '-am', 'docs: better');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale' },
    });
    expect(engine.read.item('DEMO-1')?.stage).toBe('testing');
  });

  it('refuses a worktree with uncommitted changes and names them', async () => {
    writeFileSync(join(sample.worktree('DEMO-1'), 'stray.txt'), 'x');
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'refused', reason: { code: 'worktree-dirty' } });
    expect(report.reason.text).toContain('stray.txt');
  });

  it('is not refused for a report that an earlier run left and nobody ignores', async () => {
    git(sample.worktree('DEMO-1'), 'rm', '--quiet', '.gitignore');
    git(sample.worktree('DEMO-1'), 'commit', '--quiet', '-m', 'chore: ignore nothing');
    writeFileSync(join(sample.worktree('DEMO-1'), 'report.xml'), 'of an earlier run');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
    expect(git(sample.worktree('DEMO-1'), 'status', '--porcelain')).toBe('?? report.xml');
  });

  it('is held when its worktree is gone, and goes on once it is back', async () => {
    git(sample.root, 'worktree', 'remove', '--force', sample.worktree('DEMO-1'));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'held',
      reason: { code: 'worktree-missing' },
    });
    git(sample.root, 'worktree', 'add', '--quiet', sample.worktree('DEMO-1'), 'work/DEMO-1');
    await engine.release('DEMO-1', 'person:ann', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  });

  it('is held when its worktree has another branch or none checked out', async () => {
    git(sample.worktree('DEMO-1'), 'checkout', '--quiet', '--detach');
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', reason: { code: 'worktree-elsewhere' } });
    expect(report.reason.text).toContain('detached HEAD');
  });

  it('a run that a person cancels ends with all its processes, at no cost to the item', async () => {
    sample.plan('DEMO-1', { passed: 1, sleepMs: 60_000 });
    const stop = new AbortController();
    const report = await engine.advance('DEMO-1', {
      ...ann,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'output') stop.abort();
      },
    });
    expect(report).toMatchObject({ outcome: 'waiting', result: 'infra:cancelled', verdict: null });
    expect(engine.read.item('DEMO-1')).toMatchObject({
      stage: 'testing',
      condition: 'ready',
      developer_retries: 0,
      infra_retries: 0,
    });
    expect((await engine.hostStatus())?.runs.every((run) => run.state === 'finished')).toBe(true);
  });

  it('a hold by a person during the run stands; the verdict waits and is acted on after the release', async () => {
    sample.plan('DEMO-1', { passed: 2, sleepMs: 1500 });
    let held: Promise<unknown> | undefined;
    const report = await engine.advance('DEMO-1', {
      ...ann,
      onProgress: (progress) => {
        if (progress.kind === 'output') held ??= engine.hold('DEMO-1', 'person:bob', 'wait for me');
      },
    });
    expect(await held).toMatchObject({ ok: true });
    expect(report).toMatchObject({ outcome: 'held', reason: { text: 'wait for me' } });
    expect(engine.read.verdicts('DEMO-1')).toMatchObject([{ verdict: 'PASS' }]);
    await engine.release('DEMO-1', 'person:bob', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'advanced',
      run: engine.read.runs('DEMO-1')[0]?.id,
    });
    expect(engine.read.runs('DEMO-1')).toHaveLength(1);
  });

  it('is advanced by one of two at once; the other is refused and told who has it', async () => {
    sample.plan('DEMO-1', { passed: 2, sleepMs: 800 });
    const other = await openTestEngine(sample.root);
    try {
      const reports = await Promise.all([
        engine.advance('DEMO-1', ann),
        other.advance('DEMO-1', { actor: 'person:bob' }),
      ]);
      expect(reports.map((report) => report.outcome).sort()).toEqual(['advanced', 'refused']);
      expect(reports.find((report) => report.outcome === 'refused')?.reason.code).toMatch(
        /lease-held|changed-meanwhile/,
      );
      expect(engine.read.runs('DEMO-1')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });
});

describe('infra', () => {
  it('a command that does not exist holds the item at once and burns no retry', async () => {
    await open({ ...SAMPLE_CONFIG, test: { command: ['no-such-program-here'] } });
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', result: 'infra:command-not-found', verdict: null });
    expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0, infra_retries: 0 });
  });

  it('a timeout defers the item, costs one infra retry and no developer retry', async () => {
    await open({ ...SAMPLE_CONFIG, test: { ...SAMPLE_CONFIG.test, timeout: '300ms' } });
    sample.plan('DEMO-1', { passed: 1, sleepMs: 60_000 });
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'deferred',
      result: 'infra:timeout',
      verdict: null,
    });
    const item = engine.read.item('DEMO-1');
    expect(item).toMatchObject({
      stage: 'testing',
      condition: 'deferred',
      developer_retries: 0,
      infra_retries: 1,
      turn: 'timer',
    });
    expect(item?.next_at).toBeGreaterThan(Date.now());
  });

  it('a configuration that is broken on the base branch starts nothing and writes nothing', async () => {
    await open();
    const before = engine.read.transitions().length;
    commitFile(sample.root, 'interlock.json', '{ "test": { "comand": ["true"] } }');
    await expect(engine.advance('DEMO-1', ann)).rejects.toMatchObject({
      name: 'ConfigError',
      problems: expect.arrayContaining([expect.objectContaining({ key: 'test.comand', line: 1 })]),
    });
    expect(engine.read.transitions()).toHaveLength(before);
  });

  it("an interlock.json on the item's branch changes nothing", async () => {
    await open();
    sample.plan('DEMO-1', { failed: 1 });
    commitFile(
      sample.worktree('DEMO-1'),
      'interlock.json',
      JSON.stringify({ ...SAMPLE_CONFIG, test: { command: ['true'] } }),
    );
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
  });
});
