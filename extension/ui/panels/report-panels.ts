import * as vscode from 'vscode';
import { PANEL_VERSION, PanelState, type PanelTarget } from '../../../webview/protocol';
import type { ItemRef } from '../commands/item-ref';
import * as messages from '../messages';
import type { ItemsChanged, Repositories } from '../repositories';
import { ReportPanel } from './report-panel';

export const PANEL_TYPE = 'interlock.report';

/** All open report panels, one an item. Rebuilds those that a window reload left behind, from the ledger. */
export class ReportPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #panels = new Map<string, ReportPanel>();

  constructor(
    private readonly repositories: Repositories,
    /** The folder that webview files are loaded from; nothing else can be. */
    private readonly files: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Shows the newest run of an item, or the one that is named. Takes the focus only when told so. */
  show({ repository, item, run }: ItemRef, { preserveFocus }: { preserveFocus: boolean }): void {
    const target: PanelTarget = { version: PANEL_VERSION, repository: repository.key, item, run };
    const open = this.#panels.get(keyOf(target));
    if (open) return open.reveal(target, preserveFocus);
    const panel = vscode.window.createWebviewPanel(
      PANEL_TYPE,
      messages.panelTitle(item),
      { viewColumn: this.#column(), preserveFocus },
      { enableScripts: true, localResourceRoots: [this.files] },
    );
    this.#adopt(panel, target);
  }

  /** Beside the editor the first time; the next reports go where the first one is, not into ever more columns. */
  #column(): vscode.ViewColumn {
    for (const { column } of this.#panels.values()) if (column !== undefined) return column;
    return vscode.ViewColumn.Beside;
  }

  /** Shows the report without taking the focus: for results that nobody clicked on. */
  showBeside(ref: ItemRef): void {
    this.show(ref, { preserveFocus: true });
  }

  /** Whether the setting asks for the panel at this moment. */
  reveals(moment: 'onStart' | 'onFailure'): boolean {
    return vscode.workspace.getConfiguration('interlock').get('report.reveal') === moment;
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = PanelState.safeParse(state);
    if (parsed.success && !this.#panels.has(keyOf(parsed.data.target))) this.#adopt(panel, parsed.data.target);
    else panel.dispose();
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel, target: PanelTarget): void {
    const key = keyOf(target);
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.files] };
    const report = new ReportPanel(panel, target, {
      repositories: this.repositories,
      files: this.files,
      log: this.log,
    });
    this.#panels.set(key, report);
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      report.dispose();
    });
  }

  /** Draws the panels of changed items anew. */
  refresh({ repository, items }: ItemsChanged): void {
    for (const item of items) this.#panels.get(keyOf({ repository: repository.key, item }))?.refresh();
  }

  refreshAll(): void {
    for (const panel of this.#panels.values()) panel.refresh();
  }

  /** The item whose panel has the focus: what the buttons in its title bar are for. */
  active(): PanelTarget | undefined {
    for (const panel of this.#panels.values()) if (panel.isActive) return panel.target;
    return undefined;
  }

  dispose(): void {
    // VS Code keeps the panels themselves for the serializer; only what hangs on them ends here.
    for (const panel of this.#panels.values()) panel.dispose();
    this.#panels.clear();
  }
}

const keyOf = ({ repository, item }: Pick<PanelTarget, 'repository' | 'item'>): string => `${repository}\u0000${item}`;
