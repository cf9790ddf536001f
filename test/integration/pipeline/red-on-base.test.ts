import { readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import {
  commitFile,
  SAMPLE_CONFIG,
  sampleRepository,
  type SampleRepository,
  type SuitePlan,
} from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
const config = (test: object, rest: object = {}) => ({
  ...SAMPLE_CONFIG,
  ...rest,
  test: { ...SAMPLE_CONFIG.test, ...test },
});

let sample: SampleRepository;
let engine: Engine;

/** A repository whose base suite follows one plan, with an item whose suite follows another. */
async function open(base: SuitePlan, item: SuitePlan, settings: object = SAMPLE_CONFIG): Promise<void> {
  sample = sampleRepository(settings);
  commitFile(sample.root, 'suite.json', JSON.stringify(base));
  engine = await openTestEngine(sample.root);
  await add('DEMO-1', item);
}

async function add(id: string, plan: SuitePlan): Promise<void> {
  expect(await engine.add({ title: 'Add sums', id, stage: 'testing', ...ann })).toMatchObject({ ok: true });
  sample.plan(id, plan);
}

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

const controls = () => engine.read.controls(git(sample.root, 'rev-parse', 'HEAD^{tree}'));

describe('a red suite', () => {
  it('that is as red on base holds the item instead of blaming it', async () => {
    await open({ passed: 2, failed: 2 }, { passed: 4, failed: 2 });
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({
      outcome: 'held',
      to: 'testing',
      verdict: 'INCONCLUSIVE',
      reason: { code: 'pre-existing' },
    });
    expect(report.reason.text).toContain('2 of 6 tests failed (exit code 1), all of them also on base');
    expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0 });
    expect(controls()).toMatchObject([{ status: 'suite-ran', exit_code: 1 }]);
    expect(git(sample.worktree('DEMO-1'), 'show', 'HEAD:docs/work-items/DEMO-1/13-test-report.md')).toMatch(
      /## Against base[^]*exit code 1[^]*also red there[^]*breaks 1/,
    );
  });

  it('with a failure of its own is rolled back, the new one named and the old ones counted apart', async () => {
    await open({ failed: 1 }, { passed: 1, failed: 2 });
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL', reason: { code: 'tests-failed' } });
    expect(report.reason.text).toMatch(/2 of 3 tests failed .*, 1 of them also on base .*first new one: breaks 1/);
  });

  it('that is green on base is the item’s, and base’s worktree is gone afterwards', async () => {
    await open({ passed: 4 }, { failed: 1 });
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(controls()).toMatchObject([{ exit_code: 0 }]);
    expect(readdirSync(dirname(sample.worktree('DEMO-1')))).toEqual(['DEMO-1']);
    expect(git(sample.root, 'worktree', 'list').split('\n')).toHaveLength(2);
    expect(engine.read.runs('DEMO-1')).toHaveLength(1);
  });

  it('that fails outside its tests as base does is held', async () => {
    await open({ exit: 3, report: false }, { exit: 3, report: false, passed: 1 });
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', reason: { code: 'pre-existing' } });
    expect(report.reason.text).toContain('no test is named as failed');
  });

  it('asks base once: the next item is answered by the run on record, and says so', async () => {
    await open({ failed: 1 }, { failed: 1, passed: 1 });
    await engine.advance('DEMO-1', ann);
    await add('DEMO-2', { failed: 1, passed: 2 });
    expect(await engine.advance('DEMO-2', ann)).toMatchObject({ outcome: 'held', reason: { code: 'pre-existing' } });
    const [known, ...others] = controls();
    expect(others).toEqual([]);
    const text = git(sample.worktree('DEMO-2'), 'show', 'HEAD:docs/work-items/DEMO-2/13-test-report.md');
    expect(text).toContain(`run \`${known?.id}\`, on record`);
  });

  it('does not take another configuration’s run on base for its own', async () => {
    await open({ failed: 1 }, { failed: 1, passed: 1 });
    await add('DEMO-2', { failed: 1, passed: 2 });
    await engine.advance('DEMO-1', ann);
    const fork = git(sample.root, 'rev-parse', 'HEAD^{tree}');
    commitFile(sample.root, 'interlock.json', JSON.stringify(config({ floor: 7 })));
    await engine.advance('DEMO-2', ann);
    expect(engine.read.controls(fork)).toHaveLength(2);
  });

  it('is cancelled by a person while base is asked: nothing of it goes on', async () => {
    await open({ passed: 1, sleepMs: 60_000 }, { failed: 1 });
    let cancelled: Promise<unknown> | undefined;
    const report = await engine.advance('DEMO-1', {
      ...ann,
      onProgress: (progress) => {
        if (progress.kind === 'output' && progress.run !== engine.read.openJobs('DEMO-1')[0]?.id)
          cancelled ??= engine.cancel('DEMO-1', 'person:bob', 'enough');
      },
    });
    expect(await cancelled).toMatchObject({ ok: true });
    expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(controls()).toMatchObject([{ cause: 'cancelled' }]);
  });

  it('is the item’s without a question where the project says so', async () => {
    await open({ failed: 1 }, { failed: 1, passed: 1 }, config({ redOnBase: false }));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(controls()).toEqual([]);
  });

  it('is the item’s where base cannot be asked, and the report says why', async () => {
    await open({ failed: 1 }, { failed: 1, passed: 1 });
    const stop = new AbortController();
    const report = await engine.advance('DEMO-1', {
      ...ann,
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'note' && progress.text.startsWith('asking base')) stop.abort();
      },
    });
    expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(controls()).toMatchObject([{ status: 'infra', cause: 'cancelled' }]);
    expect(git(sample.worktree('DEMO-1'), 'show', 'HEAD:docs/work-items/DEMO-1/13-test-report.md')).toMatch(
      /could not be asked: cancelled/,
    );
  });
});

it('asks base with the tools that are installed in the item’s worktree', async () => {
  const command = ['node_modules/.bin/vitest', 'run', '--reporter=junit', '--outputFile=report.xml'];
  sample = sampleRepository(config({ command }));
  const test = (name: string, value: number): string =>
    `import { expect, it } from 'vitest';\nit('${name}', () => expect(${value}).toBe(1));\n`;
  commitFile(sample.root, '.gitignore', 'node_modules\nreport.xml\n');
  commitFile(sample.root, 'red.test.mjs', test('is red on base', 2));
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(sample.worktree('DEMO-1'), 'node_modules'));
  commitFile(sample.worktree('DEMO-1'), 'green.test.mjs', test('is green', 1));
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'pre-existing' } });
  commitFile(sample.worktree('DEMO-1'), 'green.test.mjs', test('is green', 3));
  await engine.release('DEMO-1', 'person:ann', '');
  const report = await engine.advance('DEMO-1', ann);
  expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
  expect(report.reason.text).toContain('2 of 2 tests failed');
  expect(report.reason.text).toContain('first new one: is green');
  expect(controls()).toMatchObject([{ exit_code: 1 }]);
});

describe('a suite that never ends', () => {
  const impatient = (infraRetries: number) =>
    config({ timeout: '1500ms' }, { budgets: { infraRetries, developerRetries: 3 } });

  it('is the item’s fault once base ends in time', async () => {
    await open({ passed: 1 }, { passed: 1, sleepMs: 60_000 }, impatient(0));
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      verdict: 'FAIL',
      result: 'infra:timeout',
      reason: { code: 'hangs' },
    });
    expect(report.reason.text).toContain('ended in time');
    expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 1, stage: 'development' });
  });

  it('is held as infra when base does not end either', async () => {
    await open({ sleepMs: 60_000 }, { passed: 1, sleepMs: 60_000 }, impatient(0));
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', verdict: null, result: 'infra:timeout' });
    expect(report.reason.text).toContain('does not end in time either');
  });

  it('does not ask base as long as a retry is left', async () => {
    await open({ passed: 1 }, { passed: 1, sleepMs: 60_000 }, impatient(1));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'deferred' });
    expect(controls()).toEqual([]);
  });
});
