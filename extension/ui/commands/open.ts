import * as vscode from 'vscode';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { targetOf } from './target';

/** The report of an item, or of the run that was named, beside the editor. */
export async function openReport(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseForReport(), () => true);
  if (ref) world.panels.show(ref, { preserveFocus: false });
}

/** The item's worktree in a window of its own. */
export async function openWorktree(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseForWorktree(), () => true);
  const worktree = ref?.repository.engine.read.item(ref.item)?.worktree;
  if (worktree === undefined) return;
  const uri = vscode.Uri.file(worktree);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    void vscode.window.showErrorMessage(messages.worktreeMissing(worktree));
    return;
  }
  await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}

export async function copyId(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseToCopy(), () => true);
  if (ref) await vscode.env.clipboard.writeText(ref.item);
}

/** interlock.json of the repository, in an editor. */
export async function openConfiguration({ repositories }: CommandWorld): Promise<void> {
  await repositories.ready();
  const [repository] = repositories.all;
  if (!repository) return;
  const uri = vscode.Uri.joinPath(vscode.Uri.file(repository.engine.repository.root), 'interlock.json');
  await vscode.commands.executeCommand('vscode.open', uri);
}
