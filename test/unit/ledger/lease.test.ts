import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processIdentity, type ProcessTable } from '../../../extension/ledger/identity';
import {
  breakLease,
  leasePrecondition,
  leaseStillHeld,
  livenessOf,
  releaseLease,
  renewLease,
  takeLease,
  type Lease,
  type ProcessIdentity,
} from '../../../extension/ledger/lease';
import type { Ledger } from '../../../extension/ledger/ledger';
import { encodeLine } from '../../../extension/ledger/line-format';
import { makeFolder, open } from './sample';
import { addition, itemRow, leaseRow, step } from './sample-rows';

const ME: ProcessIdentity = { host: 'here', bootId: 'boot', pidNamespace: 'pid:[1]', pid: 1000, startTime: '7' };
const HIM: ProcessIdentity = { ...ME, pid: 2000, startTime: '8' };

/** A process table with these processes: pid -> start time, null (there is none), undefined (could not look). */
const tableOf = (processes: Record<number, string | null | undefined>): ProcessTable => ({
  bootId: () => Promise.resolve('boot'),
  pidNamespace: () => Promise.resolve('pid:[1]'),
  startTimeOf: (pid) => Promise.resolve(pid in processes ? processes[pid] : null),
});
const ALIVE = tableOf({ 1000: '7', 2000: '8' });
const HE_DIED = tableOf({ 1000: '7' });

async function prepare(): Promise<Ledger> {
  const ledger = await open(makeFolder());
  await ledger.commit(addition('A-1'));
  return ledger;
}

async function take(ledger: Ledger, owner: ProcessIdentity, table: ProcessTable, now = 1000): Promise<Lease> {
  const taken = await takeLease(ledger, 'A-1', owner, 'person:test', { table, now: () => now });
  if (!taken.ok) throw new Error('not taken');
  return taken.lease;
}

describe('taking a lease', () => {
  it('writes who owns it', async () => {
    const ledger = await prepare();
    const { token } = await take(ledger, ME, ALIVE);
    expect(ledger.read.lease('A-1')).toEqual({
      item: 'A-1',
      token,
      host: 'here',
      boot_id: 'boot',
      pid_namespace: 'pid:[1]',
      pid: 1000,
      start_time: '7',
      actor: 'person:test',
      at: 1000,
    });
  });

  it('that a live process holds is refused, with its owner', async () => {
    const ledger = await prepare();
    await take(ledger, HIM, ALIVE);
    const outcome = await takeLease(ledger, 'A-1', ME, 'a', { table: ALIVE });
    expect(outcome).toMatchObject({ ok: false, liveness: 'alive', owner: { pid: 2000, actor: 'person:test' } });
  });

  it('that this very process holds is refused too', async () => {
    const ledger = await prepare();
    await take(ledger, ME, ALIVE);
    expect(await takeLease(ledger, 'A-1', ME, 'a', { table: ALIVE })).toMatchObject({ ok: false, liveness: 'alive' });
  });

  it('from a dead owner gives a new token and says whose it was', async () => {
    const ledger = await prepare();
    const old = await take(ledger, HIM, ALIVE);
    const outcome = await takeLease(ledger, 'A-1', ME, 'a', { table: HE_DIED });
    expect(outcome).toMatchObject({ ok: true, broken: { pid: 2000, token: old.token } });
    expect(ledger.read.lease('A-1')).toMatchObject({ pid: 1000 });
    expect(ledger.read.lease('A-1')?.token).not.toBe(old.token);
  });

  it('from an owner whose pid another process has now is taking it from the dead', async () => {
    const ledger = await prepare();
    await take(ledger, HIM, ALIVE);
    expect(await takeLease(ledger, 'A-1', ME, 'a', { table: tableOf({ 2000: '999' }) })).toMatchObject({ ok: true });
  });

  it.each<[string, ProcessIdentity, ProcessTable]>([
    ['on another machine', { ...HIM, host: 'there' }, HE_DIED],
    ['in another pid namespace', { ...HIM, pidNamespace: 'pid:[2]' }, HE_DIED],
    ['that could not be looked up', HIM, tableOf({ 2000: undefined })],
  ])('from an owner %s never breaks it on identity alone', async (_name, owner, table) => {
    const ledger = await prepare();
    await take(ledger, owner, ALIVE, 1000);
    const later = { table, now: () => 1000 + 3_600_000 };
    expect(await takeLease(ledger, 'A-1', ME, 'a', later)).toMatchObject({ ok: false, liveness: 'unknown' });
    const ceiling = { table, now: () => 1000 + 3_600_001, ceiling: 3_600_000 };
    expect(await takeLease(ledger, 'A-1', ME, 'a', ceiling)).toMatchObject({ ok: true });
  });

  it('is won by exactly one of two who find the same dead owner', async () => {
    const directory = makeFolder();
    const [a, b] = [await open(directory), await open(directory)];
    await a.commit(addition('A-1'));
    await take(a, HIM, ALIVE);
    const third: ProcessIdentity = { ...ME, pid: 3000, startTime: '9' };
    const table = tableOf({ 1000: '7', 3000: '9' });
    const outcomes = await Promise.all([
      takeLease(a, 'A-1', ME, 'a', { table }),
      takeLease(b, 'A-1', third, 'b', { table }),
    ]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.find(({ ok }) => !ok)).toMatchObject({ liveness: 'alive' });
    expect(await a.verify()).toEqual([]);
  });
});

describe('a held lease', () => {
  it('fences every write that names it', async () => {
    const ledger = await prepare();
    const old = await take(ledger, HIM, ALIVE);
    await take(ledger, ME, HE_DIED);
    const late = step(itemRow('A-1'), 'merge');
    const outcome = await ledger.commit({ ...late, pre: [...late.pre, leasePrecondition(old)] });
    expect(outcome).toMatchObject({ ok: false, table: 'leases', actual: { pid: 1000 } });
    expect(ledger.read.item('A-1')?.stage).toBe('testing');
  });

  it('is known to be lost once another process has broken it', async () => {
    const directory = makeFolder();
    const [a, b] = [await open(directory), await open(directory)];
    await a.commit(addition('A-1'));
    const lease = await take(a, ME, ALIVE);
    expect(await leaseStillHeld(a, lease)).toBe(true);
    await take(b, HIM, tableOf({ 2000: '8' }));
    expect(await leaseStillHeld(a, lease)).toBe(false);
  });

  it('is neither held nor lost when the ledger cannot say', async () => {
    const directory = makeFolder();
    const ledger = await open(directory);
    await ledger.commit(addition('A-1'));
    const lease = await take(ledger, ME, ALIVE);
    const file = join(directory, '000001.jsonl');
    appendFileSync(file, '\n2c2f7ae6f3f6a13ae0f5a4c3c9c3b1a4 {"v":\n');
    expect(await leaseStillHeld(ledger, lease)).toBe(true); // garbage alone is what a dying writer leaves
    appendFileSync(file, encodeLine({ v: 1, a: [3, 'no line ends there'], tx: [] }));
    await expect(leaseStillHeld(ledger, lease)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('is renewed with its token only', async () => {
    const ledger = await prepare();
    const lease = await take(ledger, ME, ALIVE);
    expect(await renewLease(ledger, lease, () => 5000)).toBe(true);
    expect(ledger.read.lease('A-1')).toMatchObject({ token: lease.token, at: 5000 });
    expect(await renewLease(ledger, { item: 'A-1', token: 'other' })).toBe(false);
  });

  it('is released with its token only: the new owner keeps his', async () => {
    const ledger = await prepare();
    const old = await take(ledger, HIM, ALIVE);
    const mine = await take(ledger, ME, HE_DIED);
    await releaseLease(ledger, old);
    expect(ledger.read.lease('A-1')?.token).toBe(mine.token);
    await releaseLease(ledger, mine);
    expect(ledger.read.lease('A-1')).toBeUndefined();
  });

  it('is broken by a person as the one that was judged, and no other', async () => {
    const ledger = await prepare();
    await take(ledger, HIM, ALIVE);
    const judged = ledger.read.lease('A-1') ?? leaseRow('A-1');
    const mine = await take(ledger, ME, HE_DIED);
    expect(await breakLease(ledger, judged, 'person:ann')).toMatchObject({ ok: false, actual: { token: mine.token } });
    expect(await breakLease(ledger, ledger.read.lease('A-1') ?? judged, 'person:ann')).toMatchObject({ ok: true });
  });
});

it('tells a real live process from one that is gone', async () => {
  const me = await processIdentity();
  const row = leaseRow('A-1', {
    host: me.host,
    boot_id: me.bootId,
    pid_namespace: me.pidNamespace,
    pid: me.pid,
    start_time: me.startTime,
  });
  expect(await livenessOf(me, row)).toBe('alive');
  expect(await livenessOf(me, { ...row, start_time: '1' })).toBe('dead');
  expect(await livenessOf(me, { ...row, boot_id: 'an earlier one' })).toBe('dead');
  expect(await livenessOf(me, { ...row, pid_namespace: 'pid:[1]' })).toBe('unknown');
});
