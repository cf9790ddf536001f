import { releaseLease, takeLease, type Lease } from '../../ledger/lease';
import type { ItemRow } from '../../ledger/rows';
import type { AdvanceContext } from '../context';
import { mergeQueue, QUEUE_BUSY } from './merge-queue';
import { standingBranch } from './standing-branch';

/** An item that lands together with the one that leads, under its own lease. */
export interface Member {
  item: ItemRow;
  lease: Lease;
  head: string;
}

/** With fewer waiting, one after the other is as quick, and each candidate is tested by itself. */
const LEAST_DEPTH = 3;

/** Takes the leases of the items that stand in line behind this one, as many as a batch takes; who is busy or not proven is left. */
export async function takeMembers(context: AdvanceContext, batch: number): Promise<Member[]> {
  const { ports, item, actor } = context;
  const ready = mergeQueue(ports.ledger.read, item.base).filter(
    ({ id, condition, reason_code: code }) =>
      id !== item.id && (condition === 'ready' || (condition === 'deferred' && code === QUEUE_BUSY)),
  );
  if (ready.length + 1 < LEAST_DEPTH) return [];
  const members: Member[] = [];
  for (const { id } of ready) {
    if (members.length + 1 >= batch) break;
    const taken = await takeLease(ports.ledger, id, ports.identity, actor);
    if (!taken.ok) continue;
    const member = await proven(context, id, taken.lease);
    if (member) members.push(member);
    else await releaseLease(ports.ledger, taken.lease);
  }
  return members;
}

/** Again for a run that was started with them; one that somebody else has by now is left to them. */
export async function retakeMembers(
  context: AdvanceContext,
  items: readonly { item: string; head: string }[],
): Promise<Member[]> {
  const { ports, actor } = context;
  const members: Member[] = [];
  for (const { item: id, head } of items) {
    const taken = await takeLease(ports.ledger, id, ports.identity, actor);
    if (!taken.ok) continue;
    const item = ports.ledger.read.item(id);
    if (item?.stage === 'merge') members.push({ item, lease: taken.lease, head });
    else await releaseLease(ports.ledger, taken.lease);
  }
  return members;
}

async function proven(context: AdvanceContext, id: string, lease: Lease): Promise<Member | undefined> {
  const { read } = context.ports.ledger;
  const item = read.item(id);
  if (item?.stage !== 'merge' || read.hold(id) || read.openJobs(id).length > 0) return undefined;
  const standing = await standingBranch({ ...context, item });
  return standing.ok ? { item, lease, head: standing.head } : undefined;
}
