import * as vscode from 'vscode';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { runOf } from './run-of';
import { logUri } from '../log-document';
import { targetOf } from './target';

/** The output of a run as a read-only document. */
export async function showLog(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseForLog(), () => true);
  if (!ref) return;
  const run = runOf(ref);
  if (run === undefined) {
    void vscode.window.showInformationMessage(messages.noRunYet(ref.item));
    return;
  }
  const document = await vscode.workspace.openTextDocument(logUri(ref.repository.key, ref.item, run));
  await vscode.window.showTextDocument(document, { preview: true });
}
