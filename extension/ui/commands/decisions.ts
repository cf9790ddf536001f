import * as vscode from 'vscode';
import type { CommandOutcome } from '../../engine';
import { stageOf } from '../../pipeline/stages';
import * as messages from '../messages';
import { VIEW_ID, type CommandWorld } from './command-world';
import type { ItemRef } from './item-ref';
import { targetOf } from './target';
import { tell, tellRefusal } from './tell';

type Decision = (ref: ItemRef, actor: string, reason: string) => Promise<CommandOutcome>;

/** A person's word on an item: the reason is asked for, and may be left empty. */
async function decide(world: CommandWorld, ref: ItemRef | undefined, title: string, decision: Decision): Promise<void> {
  if (!ref) return;
  const reason = await vscode.window.showInputBox({ title, prompt: messages.reasonPrompt() });
  if (reason === undefined) return;
  const outcome = await decision(ref, await world.actor(ref.repository), reason);
  if (!outcome.ok) tellRefusal(outcome.reason, ref);
}

export async function hold(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(
    world,
    argument,
    messages.chooseToHold(),
    (condition) => condition !== 'done' && condition !== 'held',
  );
  const quiet = ref && world.notifier.mute(ref);
  try {
    await decide(world, ref, messages.holdTitle(ref?.item ?? ''), ({ repository, item }, actor, reason) =>
      repository.engine.hold(item, actor, reason),
    );
  } finally {
    quiet?.dispose();
  }
}

export async function release(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(
    world,
    argument,
    messages.chooseToRelease(),
    (condition) => condition === 'held' || condition === 'waiting',
  );
  const item = ref?.repository.engine.read.item(ref.item);
  const moves = item !== undefined && item.condition !== 'held' && stageOf(item.stage)?.movableByPerson === true;
  const title = moves ? messages.moveOnQuestion(item.id, item.stage) : messages.releaseTitle(ref?.item ?? '');
  await decide(world, ref, title, ({ repository, item: id }, actor, reason) =>
    repository.engine.release(id, actor, reason),
  );
}

export async function sendBack(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(
    world,
    argument,
    messages.chooseToSendBack(),
    (condition) => condition !== 'done' && condition !== 'running',
  );
  await decide(world, ref, messages.sendBackTitle(ref?.item ?? ''), ({ repository, item }, actor, reason) =>
    repository.engine.sendBack(item, actor, reason),
  );
}

/** Stops the run; says that it is stopped only when the engine has seen every process dead. */
export async function cancelRun(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseToCancel(), (condition) => condition === 'running');
  if (!ref) return;
  const outcome = await vscode.window.withProgress(
    { location: { viewId: VIEW_ID }, title: messages.stopping() },
    async () => ref.repository.engine.cancel(ref.item, await world.actor(ref.repository), ''),
  );
  if (outcome.ok)
    tell(
      'information',
      messages.cancelled(ref.item),
      [{ title: messages.showLog(), command: 'interlock.showLog' }],
      ref,
    );
  else tellRefusal(outcome.reason, ref);
}
