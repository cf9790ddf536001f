import { leasePrecondition, livenessOf, pastCeiling } from '../../ledger/lease';
import type { LeaseRow, QueueRow } from '../../ledger/rows';
import type { PipelinePorts } from '../context';
import { describeOwner, releasable, type LeaseOwner } from '../lease-owner';
import type { Reason } from '../outcome';
import { queueLeaseName } from './merge-queue';
import { isPerson, refuseAgent } from './only-persons';

export interface ReleaseQueueCommand {
  base: string;
  actor: string;
  reason: string;
  /** The person's explicit word that an owner who may be alive is to lose it. */
  force: boolean;
  /** The lease that the person was shown: another one that stands there by now is left alone. */
  seen?: LeaseRow | undefined;
}

export type ReleaseQueueOutcome = { ok: true; text: string; owner: LeaseOwner } | { ok: false; reason: Reason };

type Ports = Pick<PipelinePorts, 'ledger' | 'identity' | 'clock'>;

/** Who lands on a base branch now; undefined: nobody. */
export async function queueOwner({ ledger, identity, clock }: Ports, base: string): Promise<LeaseOwner | undefined> {
  await ledger.refresh();
  const lease = ledger.read.lease(queueLeaseName(base));
  if (!lease) return undefined;
  return { lease, liveness: await livenessOf(identity, lease), pastCeiling: pastCeiling(lease, clock.now()) };
}

/**
 * Takes the queue's lease from a lander that is gone. One that is provably alive keeps it; one of whom nobody can say loses it by a
 * person's word alone, with a reason. What the old owner still writes is refused; base itself is guarded by the push's own leases.
 */
export async function releaseQueueLease(ports: Ports, command: ReleaseQueueCommand): Promise<ReleaseQueueOutcome> {
  const { ledger, clock } = ports;
  const { base, actor, reason } = command;
  const owner = await queueOwner(ports, base);
  if (!owner) return refuse('no-lease', `nobody is landing on ${base}`, 'interlock queue');
  const refused = whyNot(command, owner);
  if (refused) return { ok: false, reason: refused };
  const said = reason ? `: ${reason}` : '';
  const text = `queue of ${base}: lease of ${describeOwner(owner)} released by ${actor}${said}`;
  const row = ledger.read.queue(base);
  const written = await ledger.commit({
    actor,
    event: 'lease-broken',
    pre: [leasePrecondition(owner.lease), ['queues', base, row ? { state: row.state, at: row.at } : null]],
    put: [['queues', queueRow(row, { base, text, actor, at: clock.now() })]],
    del: [['leases', owner.lease.item]],
  });
  return written.ok ? { ok: true, text, owner } : { ok: false, reason: leaseChanged(base) };
}

/** Whether anything may land stays as it is; why it may not, too. */
function queueRow(
  row: QueueRow | undefined,
  { base, text, actor, at }: { base: string; text: string; actor: string; at: number },
): QueueRow {
  if (row?.state === 'frozen') return { ...row, reason: `${row.reason}; ${text}` };
  return { base, state: 'open', reason: text, actor, at };
}

function whyNot({ base, actor, reason, force, seen }: ReleaseQueueCommand, owner: LeaseOwner): Reason | undefined {
  if (seen && seen.token !== owner.lease.token) return leaseChanged(base);
  const { host, pid } = owner.lease;
  const again = `interlock release-lease --queue ${base} --force --reason TEXT`;
  switch (releasable(owner)) {
    case 'freely':
      return undefined;
    case 'never':
      return {
        code: 'lease-held',
        text: `the owner of the queue of ${base} is alive: ${describeOwner(owner)}`,
        remedy: `Wait until it has landed, or stop its run: interlock queue names the item. If it hangs, end process ${pid}.`,
      };
    case 'by-force':
      if (!force)
        return {
          code: owner.liveness === 'unknown' ? 'lease-unknown' : 'lease-held',
          text: `the queue of ${base} is not provably a dead one's: ${describeOwner(owner)}`,
          remedy: `Look on ${host} whether process ${pid} still lands. If it does not: ${again}`,
        };
      if (!isPerson(actor)) return refuseAgent(actor, 'take the queue from an owner who may be alive').reason;
      if (reason.trim() === '')
        return { code: 'reason-missing', text: 'how it is known that nobody lands is not said', remedy: again };
      return undefined;
  }
}

const leaseChanged = (base: string): Reason => ({
  code: 'lease-changed',
  text: `the queue of ${base} has changed hands meanwhile, and was left alone`,
  remedy: `interlock release-lease --queue ${base} judges the present owner`,
});

function refuse(code: string, text: string, remedy: string): ReleaseQueueOutcome {
  return { ok: false, reason: { code, text, remedy } };
}
