import * as vscode from 'vscode';
import { initConfig } from '../../config/init-config';
import { readProject } from '../../config/read-project';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { tell } from './tell';

/** `Interlock: Initialize`: writes interlock.json with what was detected, opens it, and says what is still to do. */
export async function initialize(world: CommandWorld): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  const { root, facts } = await readProject(folder.uri.fsPath);
  const outcome = await initConfig(root, facts);
  if (!outcome.ok && outcome.code !== 'exists')
    return tell('error', messages.failed(outcome.detail, outcome.remedy), []);
  await vscode.window.showTextDocument(vscode.Uri.file(outcome.file));
  await world.repositories.sync();
  await world.repositories.reloadConfig();
  if (!outcome.ok) return tell('information', messages.alreadyInitialized(), []);
  tell('information', messages.initialized(outcome.why), [
    { title: messages.openSourceControl(), command: 'workbench.view.scm' },
  ]);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  if (folders.length === 0) void vscode.window.showWarningMessage(messages.noRepositoryOpen());
  if (folders.length <= 1) return folders[0];
  return vscode.window.showWorkspaceFolderPick({ placeHolder: messages.chooseRepository() });
}
