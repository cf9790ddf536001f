import { describe, expect, it } from 'vitest';
import { processIdentity } from '../../../extension/ledger/identity';
import { takeLease, type ProcessIdentity } from '../../../extension/ledger/lease';
import type { Ledger } from '../../../extension/ledger/ledger';
import type { ItemRow } from '../../../extension/ledger/rows';
import { releasable } from '../../../extension/pipeline/lease-owner';
import { leaseOwner, releaseItemLease, type ReleaseLeaseCommand } from '../../../extension/pipeline/release-lease';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';

const ME = await processIdentity();
const DEAD: ProcessIdentity = { ...ME, startTime: '1' };
const ELSEWHERE: ProcessIdentity = { ...ME, host: 'elsewhere' };
const DAY = 24 * 60 * 60 * 1000;

async function leasedBy(owner: ProcessIdentity, over: Partial<ItemRow> = {}, folder = makeFolder()): Promise<Ledger> {
  const ledger = await open(folder);
  await ledger.commit(addition('A-1', over));
  const taken = await takeLease(ledger, 'A-1', owner, 'cli:bob', { now: () => 1000 });
  expect(taken.ok).toBe(true);
  return ledger;
}

const portsAt = (ledger: Ledger, now: number) => ({ ledger, identity: ME, clock: { now: () => now } });

const release = (ledger: Ledger, over: Partial<ReleaseLeaseCommand> = {}, now = 5000) =>
  releaseItemLease(portsAt(ledger, now), { item: 'A-1', actor: 'person:ann', reason: '', force: false, ...over });

describe('whose lease a person may take away', () => {
  it.each([
    ['dead', false, 'freely'],
    ['dead', true, 'freely'],
    ['unknown', false, 'by-force'],
    ['unknown', true, 'by-force'],
    ['alive', false, 'never'],
    ['alive', true, 'by-force'],
  ] as const)('%s, past the ceiling %s: %s', (liveness, pastCeiling, how) => {
    expect(releasable({ liveness, pastCeiling })).toBe(how);
  });
});

describe('releasing a lease', () => {
  it('takes a dead owner’s at once, and writes down who took whose, when and why', async () => {
    const ledger = await leasedBy(DEAD);
    const outcome = await release(ledger, { reason: 'the machine was reset' });
    expect(outcome).toMatchObject({ ok: true, owner: { liveness: 'dead', lease: { actor: 'cli:bob', at: 1000 } } });
    expect(ledger.read.lease('A-1')).toBeUndefined();
    expect(ledger.read.transitions('A-1').at(-1)).toMatchObject({
      at: 5000,
      actor: 'person:ann',
      outcome: 'lease-broken',
      from_stage: 'testing',
      to_stage: 'testing',
      reason: `lease of cli:bob (process ${ME.pid} on ${ME.host}, dead, since 1970-01-01T00:00:01.000Z) released by person:ann: the machine was reset`,
    });
    expect(await ledger.verify()).toEqual([]);
  });

  it('leaves the item as it stands, apart from its revision', async () => {
    const ledger = await leasedBy(DEAD, { condition: 'waiting', reason_code: 'not-landed', reason: 'not landed' });
    const before = ledger.read.item('A-1');
    await release(ledger);
    expect(ledger.read.item('A-1')).toEqual({ ...before, rev: 2 });
  });

  it('says of an item whose run nobody waits for any more what to do next', async () => {
    const ledger = await leasedBy(DEAD, { condition: 'running', turn: 'runner', next_action: 'The verdict follows.' });
    await release(ledger);
    expect(ledger.read.item('A-1')).toMatchObject({
      condition: 'running',
      reason_code: 'lease-broken',
      since: 5000,
      turn: 'person',
      next_action: 'interlock advance A-1',
    });
  });

  it('takes the lease of one that cannot be asked only on an explicit word', async () => {
    const ledger = await leasedBy(ELSEWHERE);
    const refused = await release(ledger);
    expect(refused).toMatchObject({ ok: false, reason: { code: 'lease-unknown' } });
    if (refused.ok) return;
    expect(refused.reason.text).toContain(`cli:bob (process ${ME.pid} on elsewhere, unknown, since 1970`);
    expect(refused.reason.remedy).toContain('interlock release-lease A-1 --force');
    expect(ledger.read.lease('A-1')).toBeDefined();
    expect(await release(ledger, { force: true })).toMatchObject({ ok: true, owner: { liveness: 'unknown' } });
    expect(ledger.read.lease('A-1')).toBeUndefined();
  });

  it('never takes the lease of one that is alive here, whatever is said, and says how to stop it', async () => {
    const ledger = await leasedBy(ME);
    for (const force of [false, true]) {
      const refused = await release(ledger, { force });
      expect(refused).toMatchObject({ ok: false, reason: { code: 'lease-held' } });
      if (!refused.ok) expect(refused.reason.remedy).toMatch(/interlock cancel A-1.*end process \d+/);
    }
    expect(ledger.read.lease('A-1')).toBeDefined();
    expect(ledger.read.transitions('A-1')).toHaveLength(1);
  });

  it('takes that one too, on an explicit word, once it has had the lease for longer than any run may take', async () => {
    const ledger = await leasedBy(ME);
    expect(await release(ledger, {}, 1001 + DAY)).toMatchObject({ ok: false, reason: { code: 'lease-held' } });
    expect(await release(ledger, { force: true }, 1000 + DAY)).toMatchObject({ ok: false });
    expect(await release(ledger, { force: true }, 1001 + DAY)).toMatchObject({ ok: true });
  });

  it('takes only the lease that the person was shown', async () => {
    const ledger = await leasedBy(DEAD);
    const seen = (await leaseOwner(portsAt(ledger, 5000), 'A-1'))?.lease;
    await takeLease(ledger, 'A-1', ELSEWHERE, 'cli:carl');
    const refused = await release(ledger, { force: true, seen });
    expect(refused).toMatchObject({ ok: false, reason: { code: 'lease-changed' } });
    expect(ledger.read.lease('A-1')).toMatchObject({ actor: 'cli:carl' });
  });

  it('is done by one of two who release it at the same moment', async () => {
    const directory = makeFolder();
    const ledger = await leasedBy(DEAD, {}, directory);
    const other = await open(directory);
    const outcomes = await Promise.all([release(ledger), release(other)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.find(({ ok }) => !ok)).toMatchObject({
      reason: { code: expect.stringMatching(/^(lease-changed|no-lease)$/) },
    });
    await ledger.refresh();
    expect(ledger.read.transitions('A-1').filter((row) => row.outcome === 'lease-broken')).toHaveLength(1);
  });

  it('says when there is none', async () => {
    const ledger = await open(makeFolder());
    await ledger.commit(addition('A-1'));
    expect(await leaseOwner(portsAt(ledger, 5000), 'A-1')).toBeUndefined();
    expect(await release(ledger)).toMatchObject({ ok: false, reason: { code: 'no-lease' } });
    expect(await release(ledger, { item: 'A-2' })).toMatchObject({ ok: false, reason: { code: 'unknown-item' } });
  });
});
