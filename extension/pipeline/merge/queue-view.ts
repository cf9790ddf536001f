import type { Liveness } from '../../../runner-host/protocol/identity';
import { livenessOf } from '../../ledger/lease';
import type { PipelinePorts } from '../context';
import type { CommandOutcome } from '../person-commands';
import type { Reason } from '../outcome';
import { mergeQueue, queueLeaseName } from './merge-queue';
import { isPerson, refuseAgent } from './only-persons';

/** Who lands on a base branch, who waits, and why. Times in ms. */
export interface QueueView {
  base: string;
  /** Why nothing may land; null: the queue is open. */
  frozen: { reason: string; actor: string; at: number } | null;
  /** Who has the queue's lease now. */
  lander: { actor: string; pid: number; host: string; liveness: Liveness; since: number } | null;
  /** In order; `position` counts from 1. */
  items: QueuedItem[];
}

export interface QueuedItem {
  position: number;
  item: string;
  title: string;
  condition: string;
  /** Its run of the gate is going. */
  landing: boolean;
  reason: { code: string; text: string };
  since: number;
  nextAction: string;
}

export async function queueView(
  { ledger, identity }: Pick<PipelinePorts, 'ledger' | 'identity'>,
  base: string,
): Promise<QueueView> {
  await ledger.refresh();
  const { read } = ledger;
  const row = read.queue(base);
  const lease = read.lease(queueLeaseName(base));
  return {
    base,
    frozen: row?.state === 'frozen' ? { reason: row.reason, actor: row.actor, at: row.at } : null,
    lander: lease
      ? {
          actor: lease.actor,
          pid: lease.pid,
          host: lease.host,
          liveness: await livenessOf(identity, lease),
          since: lease.at,
        }
      : null,
    items: mergeQueue(read, base).map((item, at) => ({
      position: at + 1,
      item: item.id,
      title: item.title,
      condition: item.condition,
      landing: read.openJobs(item.id).some(({ kind }) => kind === 'merge'),
      reason: { code: item.reason_code, text: item.reason },
      since: item.since,
      nextAction: item.next_action,
    })),
  };
}

export type UnfreezeOutcome = { ok: true; text: string } | { ok: false; reason: Reason };

/** A person has looked at base: landing goes on. */
export async function unfreeze(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  base: string,
  { actor, reason }: { actor: string; reason: string },
): Promise<UnfreezeOutcome> {
  if (!isPerson(actor)) return refuseAgent(actor, 'unfreeze a queue');
  if (reason.trim() === '') return refused('reason-missing', 'what was found at base is not said', '--reason TEXT');
  await ledger.refresh();
  const row = ledger.read.queue(base);
  if (row?.state !== 'frozen') return refused('not-frozen', `the queue of ${base} is open`, 'interlock queue');
  const written = await ledger.commit({
    actor,
    event: 'unfreeze',
    pre: [['queues', base, { state: 'frozen', at: row.at }]],
    put: [['queues', { base, state: 'open', reason, actor, at: clock.now() }]],
  });
  return written.ok
    ? { ok: true, text: `the queue of ${base} is open again; it was frozen: ${row.reason}` }
    : refused('changed-meanwhile', `the queue of ${base} changed meanwhile`, 'interlock queue');
}

function refused(code: string, text: string, remedy: string): CommandOutcome & { ok: false } {
  return { ok: false, reason: { code, text, remedy } };
}
