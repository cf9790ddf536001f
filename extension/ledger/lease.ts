import { randomBytes } from 'node:crypto';
import { judgeLiveness, type Liveness } from '../../runner-host/protocol/identity';
import type { ProcessIdentity } from '../../runner-host/protocol/methods';
import { LedgerError } from './errors';
import { processTable, type ProcessTable } from './identity';
import type { CommitOutcome, Ledger, Precondition, Transaction } from './ledger';
import type { LeaseRow } from './rows';

export type { Liveness, ProcessIdentity };

/** Ownership of an item's next transition, as a value: who has not got one cannot pass it on. */
export interface Lease {
  readonly item: string;
  /** Fencing token: part of every write under the lease, and asked again right before each step that cannot be undone. */
  readonly token: string;
}

/** `owner` and `liveness`: who has it. `broken`: the dead owner whose lease was taken over; his runs may still be going. */
export type TakeOutcome =
  { ok: true; lease: Lease; broken: LeaseRow | null } | { ok: false; owner: LeaseRow; liveness: Liveness };

export interface LeaseOptions {
  table?: ProcessTable;
  /** ms. A lease of an owner whose life cannot be judged ends after this; renewing it starts anew. */
  ceiling?: number;
  now?: () => number;
}

/** Far above any run's timeout. */
const CEILING = 24 * 60 * 60 * 1000;
/** Each attempt is lost to somebody else who won: with so many, one of them holds it. */
const MAX_ATTEMPTS = 5;

/** Takes the item's lease, also from an owner that is provably dead. That somebody has it is an outcome, no error. */
export async function takeLease(
  ledger: Ledger,
  item: string,
  owner: ProcessIdentity,
  actor: string,
  { table, ceiling = CEILING, now = Date.now }: LeaseOptions = {},
): Promise<TakeOutcome> {
  await ledger.refresh();
  for (let attempt = 1; ; attempt++) {
    const held = ledger.read.lease(item);
    if (held) {
      const liveness = await livenessOf(owner, held, table);
      const expired = liveness === 'unknown' && pastCeiling(held, now(), ceiling);
      if (attempt > MAX_ATTEMPTS || (liveness !== 'dead' && !expired)) return { ok: false, owner: held, liveness };
    }
    const token = randomBytes(16).toString('hex');
    const taken = await ledger.commit({
      actor,
      event: held ? 'lease-broken' : 'lease-taken',
      // The dead owner's token: of two who break the lease, the second finds the first one's.
      pre: [['leases', item, held ? { token: held.token } : null]],
      put: [['leases', rowOf(item, token, owner, actor, now())]],
    });
    if (taken.ok) return { ok: true, lease: { item, token }, broken: held ?? null };
  }
}

/** Puts off the ceiling. `false`: the lease is somebody else's now. */
export async function renewLease(ledger: Ledger, lease: Lease, now: () => number = Date.now): Promise<boolean> {
  const row = ledger.read.lease(lease.item);
  if (row?.token !== lease.token) return false;
  const pre = [leasePrecondition(lease)];
  const renewed = await ledger.commit({
    actor: row.actor,
    event: 'lease-renewed',
    pre,
    put: [['leases', { ...row, at: now() }]],
  });
  return renewed.ok;
}

/** A lease that was taken over meanwhile stays with its new owner. */
export async function releaseLease(ledger: Ledger, lease: Lease): Promise<void> {
  const actor = ledger.read.lease(lease.item)?.actor ?? 'nobody';
  await ledger.commit(removal(lease, actor, 'lease-released'));
}

/**
 * Ends a lease whose owner is dead.
 * @param row the lease that was judged: another one that stands there by now is left alone
 */
export function breakLease(ledger: Ledger, row: LeaseRow, actor: string): Promise<CommitOutcome> {
  return ledger.commit(removal(row, actor, 'lease-broken'));
}

function removal({ item, token }: Lease, actor: string, event: string): Transaction {
  return { actor, event, pre: [['leases', item, { token }]], del: [['leases', item]] };
}

/** What every write under the lease carries among its preconditions. */
export function leasePrecondition({ item, token }: Lease): Precondition {
  return ['leases', item, { token }];
}

/**
 * Asked right before each step that cannot be undone.
 * @throws LedgerError if the ledger cannot say
 */
export async function leaseStillHeld(ledger: Ledger, lease: Lease): Promise<boolean> {
  await ledger.refresh();
  const { health } = ledger;
  if (health.mode !== 'open') throw new LedgerError(health.code, health.reason, health.remedy);
  return ledger.read.lease(lease.item)?.token === lease.token;
}

/** Whether the lease was taken, or last renewed, so long ago that it no longer stands against a person's word. */
export function pastCeiling(row: LeaseRow, now: number, ceiling = CEILING): boolean {
  return now - row.at > ceiling;
}

/** Whether the owner of a lease lives, as far as the process `me` can tell. */
export async function livenessOf(
  me: ProcessIdentity,
  row: LeaseRow,
  table: ProcessTable = processTable(),
): Promise<Liveness> {
  const owner = {
    host: row.host,
    bootId: row.boot_id,
    pidNamespace: row.pid_namespace,
    pid: row.pid,
    startTime: row.start_time,
  };
  return judgeLiveness(me, owner, await table.startTimeOf(row.pid));
}

function rowOf(item: string, token: string, owner: ProcessIdentity, actor: string, at: number): LeaseRow {
  return {
    item,
    token,
    host: owner.host,
    boot_id: owner.bootId,
    pid_namespace: owner.pidNamespace,
    pid: owner.pid,
    start_time: owner.startTime,
    actor,
    at,
  };
}
