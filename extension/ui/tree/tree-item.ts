import * as vscode from 'vscode';
import type { TreeRow } from './row';

/** VS Code's form of a line. */
export function treeItem(row: TreeRow): vscode.TreeItem {
  const folding = {
    leaf: vscode.TreeItemCollapsibleState.None,
    collapsed: vscode.TreeItemCollapsibleState.Collapsed,
    expanded: vscode.TreeItemCollapsibleState.Expanded,
  };
  const item = new vscode.TreeItem(row.label, folding[row.folding]);
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.iconPath = new vscode.ThemeIcon(row.icon, row.colour === null ? undefined : new vscode.ThemeColor(row.colour));
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  return item;
}
