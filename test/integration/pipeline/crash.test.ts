import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { startCli } from '../cli/cli-process';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, sampleRepository, type SampleRepository } from '../rig/sample-repository';

let sample: SampleRepository;
let engine: Engine;

beforeEach(async () => {
  sample = sampleRepository();
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', actor: 'person:ann' });
});

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

/** What must hold of an item's history whatever died on the way. */
function expectSound(): void {
  const item = engine.read.item('DEMO-1');
  const history = engine.read.transitions('DEMO-1');
  expect(history).toHaveLength(item?.rev ?? -1);
  for (const run of engine.read.runs('DEMO-1')) {
    const decisions = history.filter((row) => row.run === run.id && row.outcome !== 'started');
    expect(decisions, `decisions on ${run.id}`).toHaveLength(1);
  }
  expect(engine.read.openJobs()).toEqual([]);
  expect(engine.read.leases()).toEqual([]);
}

describe('when the process that advances an item is killed', () => {
  it('while the suite runs, the run goes on and the next one delivers its verdict, once', async () => {
    sample.plan('DEMO-1', { passed: 3, sleepMs: 2000 });
    const killed = startCli(sample.root, ['advance', 'DEMO-1', '--verbose']);
    await killed.says('running 3 tests');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await engine.why('DEMO-1')).toMatchObject({ reason: { code: 'nobody-waits' }, turn: 'person' });
    const reports = await engine.reconcile({});
    expect(reports).toMatchObject([{ outcome: 'advanced', verdict: 'PASS', to: 'merge' }]);
    expect(engine.read.runs('DEMO-1')).toHaveLength(1);
    expectSound();
  });

  it('while base is asked, the next one takes that up too: one control run, one verdict', async () => {
    commitFile(sample.root, 'suite.json', JSON.stringify({ passed: 7, sleepMs: 2000 }));
    await engine.add({ title: 'Add more', id: 'DEMO-2', stage: 'testing', actor: 'person:ann' });
    sample.plan('DEMO-2', { failed: 1 });
    const killed = startCli(sample.root, ['advance', 'DEMO-2', '--verbose']);
    await killed.says('running 7 tests');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await engine.reconcile({})).toMatchObject([{ item: 'DEMO-2', outcome: 'rolled-back', verdict: 'FAIL' }]);
    const controls = engine.read.controls(git(sample.root, 'rev-parse', 'HEAD^{tree}'));
    expect(controls).toMatchObject([{ status: 'suite-ran', exit_code: 0 }]);
    expect(engine.read.runs('DEMO-2')).toHaveLength(1);
    expect(git(sample.root, 'worktree', 'list')).not.toContain(controls[0]?.id);
    expectSound();
  });

  it('at any moment, nothing is lost, doubled or stuck', async () => {
    for (let round = 0; round < 8; round++) {
      sample.plan('DEMO-1', { passed: 2 + round });
      const killed = startCli(sample.root, ['advance', 'DEMO-1']);
      await sleep(Math.random() * 900);
      killed.child.kill('SIGKILL');
      await killed.ended;
      await engine.reconcile({});
      const item = engine.read.item('DEMO-1');
      if (item?.stage === 'testing')
        expect(await engine.advance('DEMO-1', { actor: 'person:ann' })).toMatchObject({ outcome: 'advanced' });
      expectSound();
      await engine.sendBack('DEMO-1', 'person:ann', 'again');
      await engine.release('DEMO-1', 'person:ann', 'again');
      expect(engine.read.item('DEMO-1')).toMatchObject({ stage: 'testing' });
    }
    expect(await engine.verify()).toEqual([]);
  }, 120_000);

  it('together with the runner host, the run is settled as host-lost and deferred: nobody is blamed', async () => {
    sample.plan('DEMO-1', { passed: 3, sleepMs: 60_000 });
    const killed = startCli(sample.root, ['advance', 'DEMO-1', '--verbose']);
    await killed.says('running 3 tests');
    const host = await engine.hostStatus();
    killed.child.kill('SIGKILL');
    process.kill(host?.identity.pid ?? 0, 'SIGKILL');
    await killed.ended;
    expect(await engine.reconcile({})).toMatchObject([
      { outcome: 'deferred', result: 'infra:host-lost', verdict: null },
    ]);
    expect(engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0, infra_retries: 1 });
    expectSound();
  });
});
