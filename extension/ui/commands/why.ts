import * as vscode from 'vscode';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { targetOf } from './target';

/** `Interlock: Why Is This Item Not Moving?`: the engine's answer, with the commands that help. */
export async function why(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseToExplain());
  if (!ref) return;
  const answer = await ref.repository.engine.why(ref.item);
  if (!answer) {
    void vscode.window.showWarningMessage(messages.itemGone(ref.item));
    return;
  }
  const hasRun = ref.repository.engine.read.runs(ref.item).length > 0;
  const buttons = [
    answer.condition === 'held' && { title: messages.releaseButton(), command: 'interlock.release' },
    (answer.condition === 'ready' || answer.condition === 'waiting' || answer.condition === 'deferred') && {
      title: messages.advanceButton(),
      command: 'interlock.advanceStage',
    },
    hasRun && { title: messages.openReport(), command: 'interlock.openReport' },
  ].filter((button) => button !== false);
  const chosen = await vscode.window.showInformationMessage(
    messages.whyHeading(answer),
    { modal: true, detail: messages.whyDetail(answer, Date.now()) },
    ...buttons.map(({ title }) => title),
  );
  const button = buttons.find(({ title }) => title === chosen);
  if (button) await vscode.commands.executeCommand(button.command, { repository: ref.repository.key, item: ref.item });
}
