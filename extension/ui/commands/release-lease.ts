import * as vscode from 'vscode';
import { releasable, type LeaseOwner } from '../../pipeline/lease-owner';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import type { ItemRef } from './item-ref';
import { targetOf } from './target';
import { tell, tellRefusal } from './tell';

/** `Interlock: Release Lease`: shows who has it, and takes it away once the person has said so about that very owner. */
export async function releaseLease(world: CommandWorld, argument: unknown): Promise<void> {
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
