import * as vscode from 'vscode';
import { ConfigError, problemLine } from '../../config/config-error';
import type { Reason } from '../../pipeline/outcome';
import { errorText } from '../folder-problem';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import type { ItemRef } from './item-ref';

type Severity = 'information' | 'warning' | 'error';

/** One message with buttons that run commands on the item. The message does not keep anybody waiting. */
export function tell(
  severity: Severity,
  text: string,
  buttons: readonly { title: string; command: string }[],
  ref?: ItemRef,
): void {
  void show(severity, text, buttons).then((button) => {
    if (!button) return;
    const argument = ref && { repository: ref.repository.key, item: ref.item, run: ref.run };
    void vscode.commands.executeCommand(button.command, argument);
  });
}

function show<B extends vscode.MessageItem>(
  severity: Severity,
  text: string,
  buttons: readonly B[],
): Thenable<B | undefined> {
  switch (severity) {
    case 'information':
      return vscode.window.showInformationMessage(text, ...buttons);
    case 'warning':
      return vscode.window.showWarningMessage(text, ...buttons);
    case 'error':
      return vscode.window.showErrorMessage(text, ...buttons);
  }
}

/** What went wrong in a command, with the remedy and the way to the details. */
export function tellError(world: CommandWorld, error: unknown): void {
  world.log.error(error instanceof Error ? error : String(error));
  if (ConfigError.is(error)) {
    const [first] = error.problems;
    const text = first ? problemLine(first) : messages.configUnusable();
    return tell('error', text, [{ title: messages.openConfiguration(), command: 'interlock.openConfiguration' }]);
  }
  const { text, remedy } = errorText(error);
  tell('error', messages.failed(text, remedy), [{ title: messages.showOutput(), command: 'interlock.showOutput' }]);
}

/** Why a person's command was not carried out. */
export function tellRefusal(reason: Reason, ref: ItemRef): void {
  tell('warning', messages.refused(ref.item, reason), [{ title: messages.whyButton(), command: 'interlock.why' }], ref);
}
