import { execFile } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { InterlockApi } from '../../../extension/extension';
import type { TreeNode } from '../../../extension/ui/tree/nodes';

const WAIT_MS = 30_000;
const PAUSE_MS = 50;

/** The installed extension, started, with its repositories open. */
export async function startInterlock(): Promise<InterlockApi> {
  const api: InterlockApi = await installed().activate();
  await api.ready();
  return api;
}

export function installed(): vscode.Extension<InterlockApi> {
  const extension = vscode.extensions.getExtension<InterlockApi>('interlock.interlock');
  assert(extension, 'the packaged extension is installed');
  return extension;
}

export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert(folder, 'the window has a folder');
  return folder.uri.fsPath;
}

/** Runs the packaged command line on the window's repository, another process on the same ledger, and gives what it prints. */
export function interlock(...args: string[]): Promise<string> {
  const cli = join(installed().extensionPath, 'dist', 'cli.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args, '--cwd', workspaceFolder()], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve(stdout);
    });
  });
}

/** Asks again until the answer fits. @throws AssertionError with the last answer after 30 s */
export async function eventually<T>(ask: () => T | Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    if (Date.now() > deadline) assert.fail(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** A level of the tree as it is drawn: `label | description`. */
export function drawn({ tree }: InterlockApi, below?: TreeNode): string[] {
  return tree.getChildren(below).map((node) => {
    const item = tree.getTreeItem(node);
    return `${String(item.label)} | ${String(item.description)}`;
  });
}

/** The node of the top level whose label starts with the text. */
export function nodeNamed({ tree }: InterlockApi, text: string, below?: TreeNode): TreeNode {
  const found = tree.getChildren(below).find((node) => String(tree.getTreeItem(node).label).startsWith(text));
  assert(found, `the tree has ${text}`);
  return found;
}
