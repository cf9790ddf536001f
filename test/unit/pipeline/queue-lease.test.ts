import { describe, expect, it } from 'vitest';
import { processIdentity } from '../../../extension/ledger/identity';
import { takeLease, type ProcessIdentity } from '../../../extension/ledger/lease';
import type { Ledger } from '../../../extension/ledger/ledger';
import { queueLeaseName } from '../../../extension/pipeline/merge/merge-queue';
import { queueOwner, releaseQueueLease, type ReleaseQueueCommand } from '../../../extension/pipeline/merge/queue-lease';
import { queueView, unfreeze } from '../../../extension/pipeline/merge/queue-view';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';

const ME = await processIdentity();
const DEAD: ProcessIdentity = { ...ME, startTime: '1' };
const ELSEWHERE: ProcessIdentity = { ...ME, host: 'elsewhere' };

const portsOf = (ledger: Ledger) => ({ ledger, identity: ME, clock: { now: () => 5000 } });
const landedBy = async (owner: ProcessIdentity): Promise<Ledger> => {
  const ledger = await open(makeFolder());
  await ledger.commit(addition('A-1', { stage: 'merge' }));
  await takeLease(ledger, queueLeaseName('main'), owner, 'cli:bob', { now: () => 1000 });
  return ledger;
};
const release = (ledger: Ledger, over: Partial<ReleaseQueueCommand> = {}) =>
  releaseQueueLease(portsOf(ledger), { base: 'main', actor: 'person:ann', reason: '', force: false, ...over });
const freeze = async (ledger: Ledger, base: string): Promise<void> => {
  const row = { base, state: 'frozen', reason: `${base} was rewound`, actor: 'merge-gate', at: 1 };
  await ledger.commit({ actor: 'merge-gate', event: 'fail', pre: [['queues', base, null]], put: [['queues', row]] });
};

describe('the lease of a queue', () => {
  it('a dead lander’s goes at once, and who took it is on record', async () => {
    const ledger = await landedBy(DEAD);
    expect(await release(ledger, { reason: 'reset' })).toMatchObject({ ok: true, owner: { liveness: 'dead' } });
    expect(await queueOwner(portsOf(ledger), 'main')).toBeUndefined();
    expect(await ledger.acts()).toMatchObject([
      {
        act: 'queue-lease-released',
        actor: 'person:ann',
        base: 'main',
        reason: expect.stringContaining('cli:bob') as string,
      },
    ]);
    expect(await ledger.verify()).toEqual([]);
  });

  it('the next lander takes a dead one’s over, and that is on record, too', async () => {
    const ledger = await landedBy(DEAD);
    expect(await takeLease(ledger, queueLeaseName('main'), ME, 'cli:eve')).toMatchObject({ ok: true });
    expect(await ledger.acts()).toMatchObject([{ act: 'queue-lease-taken-over', actor: 'cli:eve', base: 'main' }]);
  });

  it('a living lander keeps it, whatever is said', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1', { stage: 'merge' }));
    await takeLease(ledger, queueLeaseName('main'), ME, 'cli:bob', { now: () => 1000 });
    expect(await release(ledger, { force: true, reason: 'now' })).toMatchObject({ reason: { code: 'lease-held' } });
    expect(ledger.read.lease('queue main')).toBeDefined();
  });

  it('one of whom nobody can say: a person, by force, with a reason', async () => {
    const ledger = await landedBy(ELSEWHERE);
    expect(await release(ledger)).toMatchObject({ reason: { code: 'lease-unknown' } });
    const forced = { force: true, reason: 'that machine is gone' };
    expect(await release(ledger, { ...forced, reason: ' ' })).toMatchObject({ reason: { code: 'reason-missing' } });
    expect(await release(ledger, { ...forced, actor: 'agent:coder' })).toMatchObject({
      reason: { code: 'person-needed' },
    });
    const view = await queueView(portsOf(ledger), 'main');
    expect(view.lander).toMatchObject({ liveness: 'unknown', remedy: expect.stringContaining('--force') as string });
    expect(ledger.read.lease('queue main')).toBeDefined();
    expect(await release(ledger, forced)).toMatchObject({ ok: true });
    expect((await queueView(portsOf(ledger), 'main')).lander).toBeNull();
  });

  it('another owner than the one that was shown is left alone', async () => {
    const ledger = await landedBy(DEAD);
    const seen = ledger.read.lease('queue main');
    expect(await release(ledger, { seen: seen && { ...seen, token: 'x' } })).toMatchObject({
      reason: { code: 'lease-changed' },
    });
  });

  it('a frozen queue stays frozen, and says why as before', async () => {
    const ledger = await landedBy(DEAD);
    await freeze(ledger, 'main');
    await release(ledger);
    expect(ledger.read.queue('main')).toMatchObject({ state: 'frozen', actor: 'merge-gate' });
    expect(ledger.read.queue('main')?.reason).toContain('main was rewound; queue of main: lease of cli:bob');
  });

  it('nobody lands: nothing to take', async () => {
    const ledger = await open(makeFolder());
    expect(await release(ledger)).toMatchObject({ reason: { code: 'no-lease' } });
  });
});

describe('unfreezing where items have several bases', () => {
  const word = { actor: 'person:ann', reason: 'looked' };
  const twoBases = async (...frozen: string[]): Promise<Ledger> => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1', { base: 'main', stage: 'merge' }));
    await ledger.commit(addition('A-2', { base: 'release/1', stage: 'merge' }));
    for (const base of frozen) await freeze(ledger, base);
    return ledger;
  };

  it('asks which one, and names those that are frozen', async () => {
    const ledger = await twoBases('main', 'release/1');
    const asked = await unfreeze(portsOf(ledger), word);
    expect(asked).toMatchObject({
      reason: { code: 'base-needed', text: 'several queues are frozen: main, release/1' },
    });
    expect(await unfreeze(portsOf(ledger), { ...word, base: 'release/1' })).toMatchObject({ ok: true });
    expect([ledger.read.queue('main')?.state, ledger.read.queue('release/1')?.state]).toEqual(['frozen', 'open']);
    expect((await ledger.acts()).map(({ act, base, reason }) => [act, base, reason])).toEqual([
      ['queue-frozen', 'main', 'main was rewound'],
      ['queue-frozen', 'release/1', 'release/1 was rewound'],
      ['queue-unfrozen', 'release/1', 'looked'],
    ]);
  });

  it('the only frozen one needs no name; an open one is refused with the frozen ones', async () => {
    const ledger = await twoBases('release/1');
    const open = await unfreeze(portsOf(ledger), { ...word, base: 'main' });
    expect(open).toMatchObject({ reason: { text: 'the queue of main is open; frozen: release/1' } });
    expect((await queueView(portsOf(ledger), 'main')).others).toEqual([{ base: 'release/1', frozen: true, items: 1 }]);
    expect(await unfreeze(portsOf(ledger), word)).toMatchObject({ ok: true });
    expect(await unfreeze(portsOf(ledger), word)).toMatchObject({ reason: { text: 'no queue is frozen' } });
  });
});
