import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { openLedger } from '../../../extension/ledger/open-ledger';
import { sqlJs } from '../../unit/ledger/sample';
import { cli, startCli, type RunningCli } from '../cli/cli-process';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { sampleRepository, type SampleRepository } from '../rig/sample-repository';

let sample: SampleRepository;
let engine: Engine;
let holder: RunningCli;

beforeEach(async () => {
  sample = sampleRepository();
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', actor: 'person:ann' });
});

afterEach(async () => {
  holder.child.kill('SIGKILL');
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

/** A terminal that advances the item, stopped while the suite runs: whatever comes meanwhile, it has the lease. */
async function holdStopped(): Promise<void> {
  sample.plan('DEMO-1', { passed: 3, sleepMs: 1000 });
  holder = startCli(sample.root, ['advance', 'DEMO-1', '--verbose', '--json']);
  await holder.says('running 3 tests');
  holder.child.kill('SIGSTOP');
}

/** From here on the lease's owner is on a machine that nobody here can look at; its token stays the one it has. */
async function moveOwnerElsewhere(): Promise<void> {
  const ledger = await openLedger({ directory: `${engine.repository.stateDir}/ledger`, sqlJs, watch: false });
  const lease = ledger.read.lease('DEMO-1');
  if (!lease) throw new Error('nobody has the lease');
  await ledger.commit({
    actor: 'person:test',
    event: 'lease-renewed',
    pre: [['leases', 'DEMO-1', { token: lease.token }]],
    put: [['leases', { ...lease, host: 'elsewhere' }]],
  });
  await ledger.close();
}

const release = (...words: string[]) => cli(sample.root, ['release-lease', 'DEMO-1', '--json', ...words]);

it('a dead terminal’s lease goes at once, and the next advance takes up the run', async () => {
  await holdStopped();
  expect(await release('--force')).toMatchObject({ exit: 4, out: expect.stringContaining('"lease-held"') });
  holder.child.kill('SIGKILL');
  await holder.ended;
  const { exit, out } = await release('--reason', 'killed it');
  expect([exit, JSON.parse(out)]).toMatchObject([0, { lease: { liveness: 'dead', pid: holder.child.pid } }]);
  expect(await engine.why('DEMO-1')).toMatchObject({ reason: { code: 'nobody-waits' }, turn: 'person' });
  expect(await engine.advance('DEMO-1', { actor: 'person:ann' })).toMatchObject({ outcome: 'advanced', to: 'merge' });
  expect(engine.read.runs('DEMO-1')).toHaveLength(1);
});

it('who lost the lease to a person while its suite ran settles nothing, commits nothing, and says so', async () => {
  await holdStopped();
  await moveOwnerElsewhere();
  expect(await release()).toMatchObject({ exit: 4, out: expect.stringContaining('"lease-unknown"') });
  expect(await release('--force', '--reason', 'it hangs')).toMatchObject({ exit: 0 });
  const head = git(sample.worktree('DEMO-1'), 'rev-parse', 'HEAD');

  holder.child.kill('SIGCONT');
  const told = await holder.ended;
  expect([told.exit, JSON.parse(told.out)]).toMatchObject([4, { outcome: 'refused', reason: { code: 'lease-lost' } }]);
  expect(git(sample.worktree('DEMO-1'), 'rev-parse', 'HEAD')).toBe(head);
  await engine.reconcile({});
  expect(engine.read.runs('DEMO-1')).toHaveLength(1);
  expect(engine.read.item('DEMO-1')).toMatchObject({ stage: 'merge' });

  const log = await cli(sample.root, ['log', 'DEMO-1']);
  expect(log.out).toMatch(/lease-broken.*lease of cli:.*elsewhere, unknown.*released by cli:.*: it hangs/);
  expect(await engine.verify()).toEqual([]);
});
