import * as vscode from 'vscode';
import type { AdvanceReport } from '../../pipeline/outcome';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import type { ItemRef } from './item-ref';
import { tellRefusal } from './tell';

/** At a stage that no exit code decides: asks whether the person moves the item on, and writes down that it was the person. */
export async function moveOn(world: CommandWorld, ref: ItemRef, { to, reason }: AdvanceReport): Promise<void> {
  const plain = messages.moveOn();
  const explained = messages.moveOnWithReason();
  const choice = await vscode.window.showInformationMessage(
    messages.moveOnQuestion(ref.item, to),
    { modal: true, detail: messages.moveOnDetail(reason.text) },
    plain,
    explained,
  );
  if (choice === undefined) return;
  const said = choice === explained ? await vscode.window.showInputBox({ prompt: messages.reasonPrompt() }) : '';
  if (said === undefined) return;
  const outcome = await ref.repository.engine.release(ref.item, await world.actor(ref.repository), said);
  if (!outcome.ok) tellRefusal(outcome.reason, ref);
}
