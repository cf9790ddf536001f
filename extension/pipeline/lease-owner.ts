import type { Liveness } from '../../runner-host/protocol/identity';
import type { LeaseRow } from '../ledger/rows';

/** Who holds an item's lease, as far as this process can tell. */
export interface LeaseOwner {
  lease: LeaseRow;
  liveness: Liveness;
  /** Held for longer than any run may take. */
  pastCeiling: boolean;
}

/** How a lease may be taken away: by its owner's death alone, by a person who says so explicitly, or not at all. */
export type Releasable = 'freely' | 'by-force' | 'never';

/** An owner that is provably alive is stopped, not robbed: its process can be ended on this machine, and then it is dead. */
export function releasable({ liveness, pastCeiling }: Pick<LeaseOwner, 'liveness' | 'pastCeiling'>): Releasable {
  if (liveness === 'dead') return 'freely';
  return liveness === 'unknown' || pastCeiling ? 'by-force' : 'never';
}

/** `cli:bob (process 7 on box, unknown, since 2026-01-31T12:00:00.000Z)` */
export function describeOwner({ lease, liveness }: LeaseOwner): string {
  const { actor, pid, host, at } = lease;
  return `${actor} (process ${pid} on ${host}, ${liveness}, since ${new Date(at).toISOString()})`;
}
