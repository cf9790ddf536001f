import * as vscode from 'vscode';
import { releasable, type LeaseOwner } from '../../pipeline/lease-owner';
import type { LeasedQueue } from '../merge/release-queue';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import type { ItemRef } from './item-ref';
import { targetOf } from './target';
import { tell, tellRefusal } from './tell';

/** `Interlock: Release Lease`: shows who has it, and takes it away once the person has said so about that very owner. */
export async function releaseLease(world: CommandWorld, argument: unknown): Promise<void> {
  const queue = await queueOf(world, argument);
  if (queue === 'left') return;
  if (queue) return (await import('../on-demand')).releaseQueue(world, queue);
  const ref = await targetOf(
    world,
    argument,
    messages.chooseLeased(),
    (_condition, id, read) => read.lease(id) !== undefined,
  );
  if (!ref) return;
  const { engine } = ref.repository;
  const owner = await engine.leaseOwner(ref.item);
  if (!owner) return tell('information', messages.noLease(ref.item), [], ref);
  if (!(await confirmed(ref, owner))) return;
  const reason = await vscode.window.showInputBox({
    title: messages.releaseLeaseTitle(ref.item),
    prompt: messages.reasonPrompt(),
  });
  if (reason === undefined) return;
  const outcome = await engine.releaseLease(ref.item, {
    actor: await world.actor(ref.repository),
    reason,
    force: releasable(owner) === 'by-force',
    seen: owner.lease,
  });
  if (!outcome.ok) return tellRefusal(outcome.reason, ref);
  world.log.info(`${ref.item}: ${outcome.text}`);
  tell(
    'information',
    messages.leaseReleased(ref.item),
    [{ title: messages.advanceButton(), command: 'interlock.advanceStage' }],
    ref,
  );
}

/** The queue that a row of the tree means, or that is chosen where queues are in somebody's hands; undefined: an item is meant. */
async function queueOf(world: CommandWorld, argument: unknown): Promise<LeasedQueue | 'left' | undefined> {
  await world.repositories.ready();
  const isObject = typeof argument === 'object' && argument !== null;
  if (isObject && 'base' in argument && typeof argument.base === 'string' && !('item' in argument)) {
    const key = 'repository' in argument ? argument.repository : undefined;
    const repository = world.repositories.all.find((one) => one.key === key);
    return repository ? { repository, base: argument.base } : 'left';
  }
  if (argument !== undefined) return undefined;
  const { leasedQueues, queueLease, itemLease, chooseLease } = await import('../on-demand');
  const queues = leasedQueues(world.repositories.all);
  if (queues.length === 0) return undefined;
  const choices: (vscode.QuickPickItem & { queue?: LeasedQueue })[] = [
    { label: itemLease() },
    ...queues.map((queue) => ({ label: queueLease(queue.base), description: queue.repository.name, queue })),
  ];
  const chosen = await vscode.window.showQuickPick(choices, { placeHolder: chooseLease() });
  return chosen ? chosen.queue : 'left';
}

/** A lease that cannot be taken away is explained in the same place; what helps there is stopping the run. */
async function confirmed(ref: ItemRef, owner: LeaseOwner): Promise<boolean> {
  const how = releasable(owner);
  const running = ref.repository.engine.read.openJobs(ref.item).length > 0;
  const button =
    how === 'never' ? (running ? messages.cancelRunButton() : undefined) : messages.releaseLeaseButton(how);
  const chosen = await vscode.window.showWarningMessage(
    messages.leaseHeading(ref.item, owner),
    { modal: true, detail: messages.leaseDetail(owner, Date.now()) },
    ...(button === undefined ? [] : [button]),
  );
  if (chosen === undefined) return false;
  if (how !== 'never') return true;
  await vscode.commands.executeCommand('interlock.cancelRun', { repository: ref.repository.key, item: ref.item });
  return false;
}
