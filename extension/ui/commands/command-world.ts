import type * as vscode from 'vscode';
import type { Notifier } from '../notifier';
import type { ReportPanels } from '../panels/report-panels';
import type { OpenRepository, Repositories } from '../repositories';
import type { RunnersTree } from '../runners/runners-tree';
import type { StagingChecks } from '../runners/staging-checks';
import type { ItemsTree } from '../tree/items-tree';
import type { TreeNode } from '../tree/nodes';

/** What the commands work with. */
export interface CommandWorld {
  repositories: Repositories;
  tree: ItemsTree;
  view: vscode.TreeView<TreeNode>;
  panels: ReportPanels;
  notifier: Notifier;
  runners: RunnersTree;
  checks: StagingChecks;
  /** Passphrases and passwords of staging hosts; nothing else is kept there. */
  secrets: vscode.SecretStorage;
  log: vscode.LogOutputChannel;
  /** `person:<name>` in this repository. */
  actor(repository: OpenRepository): Promise<string>;
}

export const VIEW_ID = 'interlock.items';
