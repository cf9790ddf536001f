import * as vscode from 'vscode';
import * as messages from '../messages';
import { realInside } from './real-inside';

/**
 * Opens a file that a report names, if it truly lies in the worktree: symbolic links are resolved first, for a branch may hold
 * one that leads anywhere.
 */
export async function openInWorktree(worktree: string | undefined, path: string, line: number | null): Promise<void> {
  if (worktree === undefined) return;
  const real = await realInside(worktree, path);
  if (real === null) {
    void vscode.window.showWarningMessage(messages.notInWorktree(path));
    return;
  }
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(real), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(at, at),
  });
}
