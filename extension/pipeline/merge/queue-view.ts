import type { Liveness } from '../../../runner-host/protocol/identity';
import { livenessOf, pastCeiling } from '../../ledger/lease';
import type { LedgerReads } from '../../ledger/ledger';
import type { PipelinePorts } from '../context';
import { releasable } from '../lease-owner';
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
  lander: {
    actor: string;
    pid: number;
    host: string;
    liveness: Liveness;
    since: number;
    /** What takes the lease away, where the owner is not provably alive; else empty. */
    remedy: string;
  } | null;
  /** In order; `position` counts from 1. */
  items: QueuedItem[];
  /** Other base branches of the ledger that items wait for, or that are frozen. */
  others: { base: string; frozen: boolean; items: number }[];
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
  { ledger, identity, clock }: Pick<PipelinePorts, 'ledger' | 'identity' | 'clock'>,
  base: string,
): Promise<QueueView> {
  await ledger.refresh();
  const { read } = ledger;
  const row = read.queue(base);
  return {
    base,
    frozen: row?.state === 'frozen' ? { reason: row.reason, actor: row.actor, at: row.at } : null,
    lander: await landerOf({ ledger, identity, clock }, base),
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
    others: basesOf(read)
      .filter((other) => other !== base)
      .map((other) => ({ base: other, frozen: isFrozen(read, other), items: mergeQueue(read, other).length }))
      .filter(({ frozen, items }) => frozen || items > 0),
  };
}

async function landerOf(
  { ledger, identity, clock }: Pick<PipelinePorts, 'ledger' | 'identity' | 'clock'>,
  base: string,
): Promise<QueueView['lander']> {
  const lease = ledger.read.lease(queueLeaseName(base));
  if (!lease) return null;
  const { actor, pid, host, at: since } = lease;
  const liveness = await livenessOf(identity, lease);
  const how = releasable({ liveness, pastCeiling: pastCeiling(lease, clock.now()) });
  const force = how === 'by-force' ? ' --force --reason TEXT' : '';
  const remedy = how === 'never' ? '' : `interlock release-lease --queue ${base}${force}`;
  return { actor, pid, host, liveness, since, remedy };
}

/** Every base branch that an item of the ledger belongs to. */
function basesOf(read: Pick<LedgerReads, 'items'>): string[] {
  return [...new Set(read.items().map(({ base }) => base))].sort();
}

const isFrozen = (read: Pick<LedgerReads, 'queue'>, base: string): boolean => read.queue(base)?.state === 'frozen';

export type UnfreezeOutcome = { ok: true; text: string } | { ok: false; reason: Reason };

/** A person has looked at base: landing goes on. Without `base` it is the only queue that is frozen. */
export async function unfreeze(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  { actor, reason, base: named }: { actor: string; reason: string; base?: string | undefined },
): Promise<UnfreezeOutcome> {
  if (!isPerson(actor)) return refuseAgent(actor, 'unfreeze a queue');
  if (reason.trim() === '') return refused('reason-missing', 'what was found at base is not said', '--reason TEXT');
  await ledger.refresh();
  const frozen = basesOf(ledger.read).filter((each) => isFrozen(ledger.read, each));
  const [only, second] = frozen;
  if (named === undefined && second !== undefined)
    return refused('base-needed', `several queues are frozen: ${frozen.join(', ')}`, 'Say which one: --base BRANCH');
  const base = named ?? only;
  const row = base === undefined ? undefined : ledger.read.queue(base);
  if (base === undefined || row?.state !== 'frozen') {
    const which = base === undefined ? 'no queue is frozen' : `the queue of ${base} is open`;
    const others = base === undefined || frozen.length === 0 ? '' : `; frozen: ${frozen.join(', ')}`;
    return refused('not-frozen', `${which}${others}`, 'interlock queue');
  }
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
