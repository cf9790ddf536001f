import * as vscode from 'vscode';
import { problemLine } from '../config/config-error';
import * as messages from './messages';
import type { Overview } from './overview';
import type { Repositories } from './repositories';
import { StatusBar } from './status-bar';
import type { ItemsTree } from './tree/items-tree';
import type { TreeNode } from './tree/nodes';
import { windowState, type WindowState } from './window-state';

/** Ages in the tree are in minutes. */
const AGES_EVERY_MS = 60_000;
/** More open items than this are not all looked at: their ages are drawn when something happens to them. */
const AGES_OF = 200;

/** Everything around the tree that follows the ledger: badge, message, status bar, and the context that welcome texts wait for. */
export class WindowView implements vscode.Disposable {
  readonly #status = new StatusBar();
  readonly #ages: NodeJS.Timeout;

  constructor(
    private readonly repositories: Repositories,
    private readonly overview: Overview,
    private readonly tree: ItemsTree,
    private readonly view: vscode.TreeView<TreeNode>,
  ) {
    this.#ages = setInterval(() => this.#refreshAges(), AGES_EVERY_MS);
  }

  /** Draws what has to be said about the window as a whole. */
  update(): void {
    const counts = this.overview.counts();
    const state = this.#state();
    void vscode.commands.executeCommand('setContext', 'interlock.state', state);
    void vscode.commands.executeCommand('setContext', 'interlock.hasItems', counts.items > 0);
    const detail = this.#detail();
    this.#status.show(state, counts, detail);
    const count = counts.needsPerson;
    this.view.badge = count > 0 ? { value: count, tooltip: messages.badge(count) } : undefined;
    // Over an empty tree VS Code would show the message in place of the welcome text with its buttons.
    if (counts.items > 0 && detail !== '') this.view.message = detail;
    else delete this.view.message;
  }

  #state(): WindowState {
    return windowState({
      trusted: vscode.workspace.isTrusted,
      folders: vscode.workspace.workspaceFolders?.length ?? 0,
      opening: this.repositories.isOpening,
      problems: this.repositories.problems,
      repositories: this.repositories.all.map((repository) => ({
        readOnly: repository.engine.ledgerHealth.mode === 'read-only',
        config: repository.configStanding,
      })),
    });
  }

  /** The facts of what is wrong, or empty. */
  #detail(): string {
    for (const { name, engine } of this.repositories.all) {
      const health = engine.ledgerHealth;
      if (health.mode === 'read-only') return messages.ledgerReadOnly(name, health.reason, health.remedy);
    }
    for (const { config } of this.repositories.all) {
      const problem = config && !config.ok ? config.problems[0] : undefined;
      if (problem) return problemLine(problem);
    }
    const problem = this.repositories.problems[0];
    return problem ? messages.failed(problem.text, problem.remedy) : '';
  }

  #refreshAges(): void {
    for (const { key, engine } of this.repositories.all) {
      const open = engine.read.items().filter((item) => item.condition !== 'done');
      this.tree.refreshItems(
        key,
        open.slice(0, AGES_OF).map((item) => item.id),
        [],
      );
    }
  }

  dispose(): void {
    clearInterval(this.#ages);
    this.#status.dispose();
  }
}
