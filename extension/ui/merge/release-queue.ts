import * as vscode from 'vscode';
import { releasable } from '../../pipeline/lease-owner';
import { queueBaseOf } from '../../pipeline/merge/merge-queue';
import type { CommandWorld } from '../commands/command-world';
import { tell } from '../commands/tell';
import * as messages from '../messages';
import type { OpenRepository } from '../repositories';
import { askReason } from './ask-reason';
import * as words from './words';

export interface LeasedQueue {
  repository: OpenRepository;
  base: string;
}

/** The queues that some process has the lease of. */
export function leasedQueues(repositories: readonly OpenRepository[]): LeasedQueue[] {
  return repositories.flatMap((repository) =>
    repository.engine.read.leases().flatMap(({ item }) => {
      const base = queueBaseOf(item);
      return base === undefined ? [] : [{ repository, base }];
    }),
  );
}

/** Shows who lands, and takes the queue from them once the person has said so about that very owner. */
export async function releaseQueue(world: CommandWorld, { repository, base }: LeasedQueue): Promise<void> {
  const { engine } = repository;
  const owner = await engine.queueOwner(base);
  if (!owner) return tell('information', words.nobodyLands(base), []);
  const how = releasable(owner);
  const button = how === 'never' ? undefined : messages.releaseLeaseButton(how);
  const chosen = await vscode.window.showWarningMessage(
    words.queueLeaseHeading(base, owner.liveness),
    { modal: true, detail: messages.leaseDetail(owner, Date.now()) },
    ...(button === undefined ? [] : [button]),
  );
  if (button === undefined || chosen !== button) return;
  const reason = await askReason(words.releaseQueueTitle(base));
  if (reason === undefined) return;
  const outcome = await engine.releaseQueueLease({
    base,
    actor: await world.actor(repository),
    reason,
    force: how === 'by-force',
    seen: owner.lease,
  });
  if (!outcome.ok) return tell('warning', messages.sentence(outcome.reason.text), []);
  world.log.info(outcome.text);
  world.tree.refresh();
  tell('information', words.queueReleased(base), []);
}
