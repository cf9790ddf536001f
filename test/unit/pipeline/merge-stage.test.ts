import { describe, expect, it } from 'vitest';
import type { MergeOutcome } from '../../../runner-host/protocol/merge-outcome';
import { holdItem, releaseItem } from '../../../extension/pipeline/person-commands';
import { waiveFinding } from '../../../extension/pipeline/merge/waive';
import { unfreeze } from '../../../extension/pipeline/merge/queue-view';
import { HEAD, OUTCOMES } from './merge-rows';
import { MergeWorld } from './merge-world';

const outcome = (name: string): MergeOutcome => {
  const found = OUTCOMES[name];
  if (!found) throw new Error(name);
  return found;
};
const CONFIG = { stages: ['merge', 'done'] as const, budgets: { developerRetries: 3, infraRetries: 3 }, merge: null };

describe('what may be landed', () => {
  it('only the tree of the newest PASS: for another one the host is not asked', async () => {
    const world = await MergeWorld.open(outcome('LANDED'));
    world.tree = '8'.repeat(40);
    expect(await world.advance()).toMatchObject({ outcome: 'refused', reason: { code: 'forged-or-stale' } });
    expect(world.started).toEqual([]);
    expect(world.ledger.read.openJobs()).toEqual([]);
  });

  it.each(['queue main', 'A-1'])(
    'who loses the lease of %s before the run is started does not start it',
    async (name) => {
      const world = await MergeWorld.open(outcome('LANDED'));
      // The moment between the intent on disk and the host.
      world.after = async ({ event }) => {
        if (event !== 'run-started') return;
        const token = world.ledger.read.lease(name)?.token ?? '';
        await world.ledger.commit({
          actor: 'other',
          event: 'lease-broken',
          pre: [['leases', name, { token }]],
          del: [['leases', name]],
        });
      };
      expect(await world.advance()).toMatchObject({ outcome: 'refused', reason: { code: 'lease-lost' } });
      expect(world.started).toEqual([]);
      expect(world.ledger.read.openJobs('A-1')).toHaveLength(1);
    },
  );

  it('a queue that is frozen in the moment before the intent is written takes no run', async () => {
    const world = await MergeWorld.open(outcome('LANDED'));
    world.before = async ({ event }) => {
      if (event !== 'run-started') return;
      const row = { base: 'main', state: 'frozen', reason: 'rewound', actor: 'a', at: 1 };
      await world.ledger.commit({
        actor: 'a',
        event: 'freeze',
        pre: [['queues', 'main', null]],
        put: [['queues', row]],
      });
    };
    expect(await world.advance()).toMatchObject({ outcome: 'refused', reason: { code: 'queue-frozen' } });
    expect(world.started).toEqual([]);
  });
});

describe('what a run leaves in the ledger', () => {
  it('a landing that a person’s hold has overtaken is on record, and moves the item once the hold is lifted', async () => {
    const world = await MergeWorld.open(outcome('LANDED'));
    world.during = async () => {
      await holdItem(
        world.ports,
        { ...CONFIG, stages: [...CONFIG.stages] },
        { item: 'A-1', actor: 'person:bob', reason: 'wait' },
      );
    };
    expect(await world.advance()).toMatchObject({ outcome: 'held', reason: { text: 'wait' } });
    expect(world.ledger.read.landings('A-1')).toHaveLength(1);
    expect(world.ledger.read.openJobs()).toEqual([]);
    await releaseItem(
      world.ports,
      { ...CONFIG, stages: [...CONFIG.stages] },
      { item: 'A-1', actor: 'person:bob', reason: '' },
    );
    expect(await world.advance()).toMatchObject({ outcome: 'advanced', to: 'done', result: 'LANDED' });
    expect(world.started).toHaveLength(1);
    expect(await world.ledger.verify()).toEqual([]);
  });

  it('the first head of a conflict is the anchor, and stays it', async () => {
    const world = await MergeWorld.open(outcome('CONFLICT'));
    const first = { item: 'A-1', fork: 'f', head: '7'.repeat(40), why: 'the first one', at: 1 };
    await world.ledger.commit({
      actor: 'a',
      event: 'anchor',
      pre: [['anchors', 'A-1', null]],
      put: [['anchors', first]],
    });
    expect(await world.advance()).toMatchObject({ to: 'development', reason: { code: 'conflict' } });
    expect(world.ledger.read.anchor('A-1')).toEqual(first);
    expect(world.started[0]?.items[0]?.anchors).toEqual([first.head]);
  });

  it('a conflict without an anchor keeps the head, under a ref of its own', async () => {
    const world = await MergeWorld.open(outcome('CONFLICT'));
    await world.advance();
    expect(world.ledger.read.anchor('A-1')).toMatchObject({ head: HEAD });
    expect(world.kept).toEqual([`refs/interlock/anchors/A-1 ${HEAD}`]);
  });

  it('an alarm freezes the queue, and nothing lands after it', async () => {
    const world = await MergeWorld.open(outcome('ALARM'), {}, ['A-1', 'A-2']);
    expect(await world.advance('A-1')).toMatchObject({ outcome: 'held', reason: { code: 'alarm' } });
    expect(world.ledger.read.alerts()).toMatchObject([{ item: 'A-1', code: 'alarm' }]);
    expect(await world.advance('A-2')).toMatchObject({ outcome: 'refused', reason: { code: 'queue-frozen' } });
    expect(world.started).toHaveLength(1);
    await unfreeze(world.ports, { actor: 'person:ann', reason: 'looked' });
    world.outcome = () => ({ outcome: outcome('LANDED') });
    expect(await world.advance('A-2')).toMatchObject({ outcome: 'advanced' });
  });

  it('the coverage ratchet is moved by compare-and-swap: another landing’s higher share is not taken back', async () => {
    const coverage = { report: 'lcov.info' };
    const world = await MergeWorld.open(outcome('LANDED'), { coverage });
    world.outcome = () => ({ outcome: outcome('LANDED'), more: { coverage: { covered: 5, total: 10 } } });
    const better = { base: 'main', covered: 9, total: 10, item: 'A-9', run: 'm-9', at: 1 };
    world.before = async ({ event }) => {
      if (event !== 'pass') return;
      await world.ledger.commit({
        actor: 'a',
        event: 'x',
        pre: [['ratchets', 'main', null]],
        put: [['ratchets', better]],
      });
    };
    expect(await world.advance()).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(world.ledger.read.ratchet('main')).toEqual(better);
  });

  it('the ratchet is what the next item is held against', async () => {
    const world = await MergeWorld.open(outcome('LANDED'), { coverage: { report: 'lcov.info' } }, ['A-1', 'A-2']);
    world.outcome = () => ({ outcome: outcome('LANDED'), more: { coverage: { covered: 5, total: 10 } } });
    await world.advance('A-1');
    await world.advance('A-2');
    expect(world.started.map(({ coverage }) => coverage?.floor)).toEqual([null, { covered: 5, total: 10 }]);
  });

  it('an item that waits is next when its turn comes; one that is held or was deferred by a fault is passed', async () => {
    const world = await MergeWorld.open(outcome('TIMEOUT'), {}, ['A-1', 'A-2', 'A-3']);
    expect(await world.advance('A-1')).toMatchObject({ outcome: 'deferred', reason: { code: 'timeout' } });
    world.outcome = () => ({ outcome: outcome('LOCK_BUSY') });
    expect(await world.advance('A-2')).toMatchObject({ outcome: 'deferred', reason: { code: 'lock-busy' } });
    world.outcome = () => ({ outcome: outcome('LANDED') });
    expect(await world.advance('A-3')).toMatchObject({ outcome: 'advanced' });
    expect(world.ledger.read.item('A-2')).toMatchObject({ infra_retries: 0 });
  });

  it('a waiver is a person’s: an agent’s word is not recorded, whatever it says', async () => {
    const world = await MergeWorld.open(outcome('CARRY_FAIL'));
    await world.advance();
    const waive = (actor: string) =>
      waiveFinding(world.ports, { item: 'A-1', actor, reason: 'r', finding: 'a'.repeat(12) });
    for (const actor of ['agent:coder', 'mcp:x', 'timer', 'reconciler', '', 'person:'])
      expect(await waive(actor), actor).toMatchObject({ ok: false, reason: { code: 'person-needed' } });
    expect(world.ledger.read.waivers('A-1')).toEqual([]);
    expect(await waive('cli:ann')).toMatchObject({ ok: true });
    expect(world.ledger.read.waivers('A-1')).toMatchObject([{ path: 'CHANGELOG.md', actor: 'cli:ann', reason: 'r' }]);
  });
});
