import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { startCli } from '../cli/cli-process';
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
const config = (test: object = {}) => ({ ...SAMPLE_CONFIG, test: { ...SAMPLE_CONFIG.test, rerunFailed: 1, ...test } });
const flake = (test: string, until = '2999-12-31') => ({ test, reason: 'DEMO-61', until });

let sample: SampleRepository;
let engine: Engine;

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

/** An item whose suite is red once; the plan may say more. */
async function open(settings: object, plan: SuitePlan = {}): Promise<void> {
  sample = sampleRepository(settings);
  engine = await openTestEngine(sample.root);
  await add('DEMO-1', plan);
}

async function add(id: string, plan: SuitePlan = {}): Promise<void> {
  await engine.add({ title: 'Add sums', id, stage: 'testing', ...ann });
  sample.plan(id, { passed: 3, once: 1, marker: join(dirname(sample.root), `${id} was red`), ...plan });
}

const runs = (id = 'DEMO-1') => engine.read.runs(id).map((run) => engine.read.verdict(run.id)?.verdict);
const reportOf = (id = 'DEMO-1') => git(sample.worktree(id), 'show', `HEAD:docs/work-items/${id}/13-test-report.md`);

describe('red, then green on one tree', () => {
  it('is flaky and held, with both runs on record', async () => {
    await open(config());
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code: 'flaky' } });
    expect(report.reason.text).toContain('breaks 0');
    expect(runs()).toEqual(['INCONCLUSIVE', 'FAIL']);
    expect(reportOf()).toMatch(
      /## Flaky[^]*`breaks 0`, in `sums`: seen flaky 1 time\n[^]*Not on record as flaky on base/,
    );
    expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0 });
  });

  it('stays flaky however often it is green afterwards', async () => {
    await open(config());
    await engine.advance('DEMO-1', ann);
    await engine.release('DEMO-1', 'person:ann', 'again');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'flaky' } });
    expect(runs()).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE', 'FAIL']);
  });

  it('passes where the flake is on record on base, and says so', async () => {
    await open(config({ flaky: [flake('breaks 0')] }));
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'advanced', verdict: 'PASS', reason: { code: 'passed-known-flakes' } });
    expect(reportOf()).toContain('on record on base: flaky: breaks 0');
  });

  it.each([
    ['expired', [flake('breaks 0', '2020-01-31')], {}],
    ['of another test', [flake('breaks 1')], {}],
    ['of another suite', [{ ...flake('breaks 0'), suite: 'client' }], {}],
    ['of only one of the two', [flake('breaks 0')], { once: 2 }],
  ])('does not pass by a record that is %s', async (_name, flaky, plan) => {
    await open(config({ flaky }), plan);
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'flaky' } });
  });

  it('does not pass by a record that the item made on its own branch', async () => {
    await open(config());
    commitFile(
      sample.worktree('DEMO-1'),
      'interlock.json',
      JSON.stringify(config({ flaky: [flake('breaks 0')], protected: [] })),
    );
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'flaky' } });
  });

  it('goes on once the flake was put on record on base, and is not forgotten by another change there', async () => {
    await open(config());
    await engine.advance('DEMO-1', ann);
    commitFile(sample.root, 'interlock.json', JSON.stringify(config({ flaky: [flake('breaks 1')] })));
    await engine.release('DEMO-1', 'person:ann', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'flaky' } });
    commitFile(sample.root, 'interlock.json', JSON.stringify(config({ flaky: [flake('breaks 0')] })));
    await engine.release('DEMO-1', 'person:ann', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  });

  it('is counted against the test over all items', async () => {
    await open(config());
    await engine.advance('DEMO-1', ann);
    await add('DEMO-2');
    await engine.advance('DEMO-2', ann);
    expect(reportOf('DEMO-2')).toContain('seen flaky 2 times');
  });

  it('is over with the tree that it happened on', async () => {
    await open(config());
    await engine.advance('DEMO-1', ann);
    commitFile(sample.worktree('DEMO-1'), 'mended.txt', 'the test waits now\n');
    await engine.release('DEMO-1', 'person:ann', '');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  });
});

it('a process that dies between the two runs leaves the second to the next one', async () => {
  await open(config());
  const killed = startCli(sample.root, ['advance', 'DEMO-1', '--verbose']);
  await killed.says('once more on the same tree');
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(await engine.reconcile({})).toMatchObject([{ outcome: 'held', reason: { code: 'flaky' } }]);
  expect(runs()).toEqual(['INCONCLUSIVE', 'FAIL']);
  expect(engine.read.openJobs()).toEqual([]);
});

it('red twice is rolled back once, and base is asked for the second run only', async () => {
  await open(config(), { failed: 1 });
  const report = await engine.advance('DEMO-1', ann);
  expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
  expect(runs()).toEqual(['FAIL', 'FAIL']);
  expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 1 });
  expect(engine.read.controls(git(sample.root, 'rev-parse', 'HEAD^{tree}'))).toHaveLength(1);
});

it('without the court a red suite is not run again, and a later green one names the red run in its report', async () => {
  await open(config({ rerunFailed: 0 }));
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back' });
  expect(existsSync(join(dirname(sample.root), 'DEMO-1 was red'))).toBe(true);
  await engine.release('DEMO-1', 'person:ann', 'nothing to fix');
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  expect(reportOf()).toContain('was red on the identical tree');
});
