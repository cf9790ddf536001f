import * as vscode from 'vscode';
import type { Counts } from './overview';
import { statusLook } from './status-model';
import type { WindowState } from './window-state';

/** The one item in the status bar; a click shows the tree. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('interlock.status', vscode.StatusBarAlignment.Left, 0);

  constructor() {
    this.#item.name = 'Interlock';
    this.#item.command = 'interlock.items.focus';
  }

  show(state: WindowState, counts: Counts, detail: string): void {
    const look = statusLook(state, counts, detail);
    if (!look) return this.#item.hide();
    this.#item.text = look.text;
    this.#item.tooltip = look.tooltip;
    this.#item.accessibilityInformation = { label: `Interlock: ${look.tooltip}` };
    this.#item.backgroundColor = look.broken ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
