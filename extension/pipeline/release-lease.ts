import { leasePrecondition, livenessOf, pastCeiling } from '../ledger/lease';
import type { LeaseRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import { leaseBroken } from './lease-broken';
import { describeOwner, releasable, type LeaseOwner } from './lease-owner';
import type { Reason } from './outcome';
import { unknownItem, type CommandOutcome, type PersonCommand } from './person-commands';
import { lostRace, rowsOf } from './record';

export interface ReleaseLeaseCommand extends PersonCommand {
  /** The person's explicit word that an owner who may be alive is to lose the lease. */
  force: boolean;
  /** The lease that the person was shown: another one that stands there by now is left alone. */
  seen?: LeaseRow | undefined;
}

export type ReleaseLeaseOutcome = (CommandOutcome & { ok: true; owner: LeaseOwner }) | { ok: false; reason: Reason };

type Ports = Pick<PipelinePorts, 'ledger' | 'identity' | 'clock'>;

/** The owner of the item's lease; undefined: nobody has it. */
export async function leaseOwner({ ledger, identity, clock }: Ports, id: string): Promise<LeaseOwner | undefined> {
  await ledger.refresh();
  const lease = ledger.read.lease(id);
  if (!lease) return undefined;
  const liveness = await livenessOf(identity, lease);
  return { lease, liveness, pastCeiling: pastCeiling(lease, clock.now()) };
}

/**
 * A person takes an item's lease away. The lease and the line of history that names both sides go in one transaction; the old
 * owner's token is void from there on, so whatever it still writes is refused. Needs no configuration.
 */
export async function releaseItemLease(ports: Ports, command: ReleaseLeaseCommand): Promise<ReleaseLeaseOutcome> {
  const { ledger, clock } = ports;
  const owner = await leaseOwner(ports, command.item);
  const item = ledger.read.item(command.item);
  if (!item) return { ok: false, reason: unknownItem(command.item) };
  if (!owner) return { ok: false, reason: noLease(item.id) };
  const refused = whyNot(command, owner);
  if (refused) return { ok: false, reason: refused };
  const said = command.reason ? `: ${command.reason}` : '';
  const text = `lease of ${describeOwner(owner)} released by ${command.actor}${said}`;
  const step = leaseBroken(item, { text, actor: command.actor, now: clock.now() });
  const rows = rowsOf(item, step, { pre: [leasePrecondition(owner.lease)], del: [['leases', item.id]] });
  const written = await ledger.commit({ actor: command.actor, event: 'lease-broken', ...rows });
  if (!written.ok) {
    return { ok: false, reason: written.table === 'leases' ? leaseChanged(item.id) : lostRace(item, written) };
  }
  return { ok: true, item: step.item, text, owner };
}

function whyNot({ item, force, seen }: ReleaseLeaseCommand, owner: LeaseOwner): Reason | undefined {
  if (seen && seen.token !== owner.lease.token) return leaseChanged(item);
  switch (releasable(owner)) {
    case 'freely':
      return undefined;
    case 'by-force':
      return force ? undefined : needsForce(item, owner);
    case 'never':
      return {
        code: 'lease-held',
        text: `the owner of the lease of ${item} is alive: ${describeOwner(owner)}`,
        remedy: `Stop its run with: interlock cancel ${item}. If it hangs, end process ${owner.lease.pid}, then repeat.`,
      };
  }
}

function needsForce(item: string, owner: LeaseOwner): Reason {
  const { host, pid } = owner.lease;
  const look =
    owner.liveness === 'unknown'
      ? `Look on ${host} whether process ${pid} still runs`
      : `Process ${pid} has had it for very long: end it`;
  return {
    code: owner.liveness === 'unknown' ? 'lease-unknown' : 'lease-held',
    text: `the lease of ${item} is not provably a dead one's: ${describeOwner(owner)}`,
    remedy: `${look}. To take the lease away all the same: interlock release-lease ${item} --force`,
  };
}

const leaseChanged = (item: string): Reason => ({
  code: 'lease-changed',
  text: `the lease of ${item} has changed hands meanwhile, and was left alone`,
  remedy: `interlock release-lease ${item} judges the present owner`,
});

const noLease = (item: string): Reason => ({
  code: 'no-lease',
  text: `nobody holds a lease of ${item}`,
  remedy: `interlock why ${item}`,
});
