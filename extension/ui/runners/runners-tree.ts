import * as vscode from 'vscode';
import { errorText } from '../folder-problem';
import type { OpenRepository, Repositories } from '../repositories';
import { treeItem } from '../tree/tree-item';
import type { HostFacts } from './runners-rows';
import type { StagingChecks } from './staging-checks';

type Node =
  | { kind: 'repository'; repository: string }
  | { kind: 'host'; repository: string }
  | { kind: 'staging'; repository: string }
  | { kind: 'fact'; repository: string; at: number };

/** Changes that come closer together than this are drawn at once: each drawing asks the runner host. */
const GATHER_MS = 500;

/** The Runners view: who executes, and how it stood when somebody last looked. Asks nobody while it is not on the screen. */
export class RunnersTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #looked = new Set<string>();
  #visible = false;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly repositories: Repositories,
    private readonly checks: StagingChecks,
    /** Looks at the staging host once, without a question to anybody. */
    private readonly preflight: (repository: OpenRepository) => Promise<void>,
  ) {}

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    const repository = this.repositories.get(node.repository);
    if (!repository) return new vscode.TreeItem('');
    const item = await this.#draw(node, repository);
    item.id = [node.kind, node.repository, node.kind === 'fact' ? node.at : ''].join('\u0000');
    return item;
  }

  async #draw(node: Node, repository: OpenRepository): Promise<vscode.TreeItem> {
    // The rows are a file of their own, so that starting VS Code does not wait for them.
    const rows = await import('../on-demand');
    const last = this.checks.of(node.repository);
    switch (node.kind) {
      case 'repository': {
        const item = new vscode.TreeItem(repository.name, vscode.TreeItemCollapsibleState.Expanded);
        item.iconPath = new vscode.ThemeIcon('repo');
        return item;
      }
      case 'host': {
        const item = treeItem(rows.hostRow(await hostFacts(repository), Date.now()));
        item.command = { command: 'interlock.hostStatus', title: '' };
        return item;
      }
      case 'staging': {
        const target = targetOf(repository);
        const facts = { host: target?.host ?? '', demo: target?.transport === 'demo' };
        return treeItem(rows.stagingRow({ ...facts, last, going: this.checks.isGoing(node.repository) }, Date.now()));
      }
      case 'fact':
        return treeItem(rows.factRow(last?.check.facts[node.at] ?? { ok: null, text: '' }));
    }
  }

  getChildren(node?: Node): Node[] {
    const open = this.repositories.all;
    if (!node) {
      if (open.length > 1) return open.map(({ key }) => ({ kind: 'repository', repository: key }));
      return open.flatMap((repository) => below(repository));
    }
    const repository = this.repositories.get(node.repository);
    if (node.kind === 'repository') return repository ? below(repository) : [];
    if (node.kind !== 'staging') return [];
    const facts = this.checks.of(node.repository)?.check.facts ?? [];
    return facts.map((_, at) => ({ kind: 'fact', repository: node.repository, at }));
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.refresh();
  }

  /** Draws the view anew, soon, if it is on the screen. */
  refresh(): void {
    if (!this.#visible) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
      for (const repository of this.repositories.all) this.#lookOnce(repository);
    }, GATHER_MS);
  }

  /** Whoever opens the view wants to know how the staging host stands; once a window is enough. */
  #lookOnce(repository: OpenRepository): void {
    if (this.#looked.has(repository.key) || !vscode.workspace.isTrusted || !targetOf(repository)) return;
    this.#looked.add(repository.key);
    if (!this.checks.of(repository.key)) void this.preflight(repository);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

const targetOf = ({ config }: OpenRepository) => (config?.ok ? config.loaded.config.staging?.target : undefined);

function below(repository: OpenRepository): Node[] {
  const host: Node = { kind: 'host', repository: repository.key };
  return targetOf(repository) ? [host, { kind: 'staging', repository: repository.key }] : [host];
}

async function hostFacts({ engine }: OpenRepository): Promise<HostFacts> {
  try {
    const status = await engine.hostStatus();
    return status ? { state: 'running', status } : { state: 'idle' };
  } catch (error) {
    return { state: 'unknown', text: errorText(error).text };
  }
}
