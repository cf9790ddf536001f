import * as vscode from 'vscode';
import { landsByGate, stagesOf, type OpenRepository, type Repositories } from '../repositories';
import { childNodes, DONE_PAGE, parentNode, queuesOf, rootNodes, type TreeSource } from './children';
import { closedNode, itemNode, queueNode, repositoryNode, type TreeNode } from './nodes';
import { rowOf } from './rows';
import { treeItem } from './tree-item';

/** Changes that come closer together than this are drawn at once. */
const GATHER_MS = 100;

/**
 * The Work Items tree. VS Code knows a node by its object, so each id has one object for as long as the tree lives.
 * Nothing is drawn while the view is hidden; it is drawn whole when it is shown again.
 */
export class ItemsTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #nodes = new Map<string, TreeNode>();
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  /** Repository -> the bases that have a queue, and the items that stood in one when it was drawn last. */
  readonly #queues = new Map<string, { bases: string; items: ReadonlySet<string> }>();
  readonly #doneShown = new Map<string, number>();
  readonly #pending = new Map<string, TreeNode>();
  #timer: NodeJS.Timeout | undefined;
  #visible = false;
  #stale: 'no' | 'whole' = 'no';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly repositories: Repositories) {}

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const repository = this.repositories.get(node.repository);
    const row =
      repository && rowOf(node, sourceOf(repository), repository.engine.repository, repository.activity, Date.now());
    const item = row ? treeItem(row) : new vscode.TreeItem('');
    item.id = node.id;
    const command = repository && commandOf(node, repository);
    if (command) item.command = command;
    return item;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (!node) return rootNodes(this.repositories.all.map(sourceOf)).map((child) => this.#known(child));
    const repository = this.repositories.get(node.repository);
    if (!repository) return [];
    const shown = this.#doneShown.get(node.repository) ?? DONE_PAGE;
    return childNodes(node, sourceOf(repository), shown).map((child) => this.#known(child));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const repository = this.repositories.get(node.repository);
    const parent = repository && parentNode(node, sourceOf(repository), this.repositories.all.length > 1);
    return parent && this.#known(parent);
  }

  /** The tree's own object for an item: what `reveal` takes. */
  nodeOf(repository: string, item: string): TreeNode {
    return this.#known(itemNode(repository, item));
  }

  /** Draws the items anew; `reshaped` ones came, went or were closed, so the level that holds them is drawn. */
  refreshItems(repository: string, items: Iterable<string>, reshaped: readonly string[]): void {
    const changed = [...items];
    if (reshaped.length > 0 || this.#refreshQueues(repository, changed)) {
      if (this.repositories.all.length === 1) return this.refresh();
      this.#queue(repositoryNode(repository));
      return;
    }
    for (const id of changed) this.#queue(itemNode(repository, id));
  }

  /** Draws the queues anew that a change concerns; true where one came or went, so that the level has to be drawn. */
  #refreshQueues(key: string, changed: readonly string[]): boolean {
    const repository = this.repositories.get(key);
    if (!repository) return false;
    const before = this.#queues.get(key);
    const { read } = repository.engine;
    if (!changed.some((id) => before?.items.has(id) || read.item(id)?.stage === 'merge')) return false;
    const queues = queuesOf(sourceOf(repository));
    const bases = queues.map(({ base }) => base).join('\n');
    this.#queues.set(key, { bases, items: new Set(queues.flatMap(({ entries }) => entries.map(({ item }) => item))) });
    if (bases !== (before?.bases ?? '')) return true;
    for (const { base } of queues) this.#queue(queueNode(key, base));
    return false;
  }

  refresh(): void {
    this.#stale = 'whole';
    this.#pending.clear();
    this.#schedule();
  }

  /** Draws another page of done items. */
  showMore(repository: string): void {
    this.#doneShown.set(repository, (this.#doneShown.get(repository) ?? DONE_PAGE) + DONE_PAGE);
    this.#queue(closedNode(repository));
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#schedule();
  }

  #queue(node: TreeNode): void {
    // A node that was never drawn need not be drawn anew.
    const known = this.#nodes.get(node.id);
    if (!known || this.#stale === 'whole') return;
    this.#pending.set(known.id, known);
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#visible || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stale === 'whole') this.#changed.fire(undefined);
      else if (this.#pending.size > 0) this.#changed.fire([...this.#pending.values()]);
      this.#stale = 'no';
      this.#pending.clear();
    }, GATHER_MS);
  }

  #known(node: TreeNode): TreeNode {
    const known = this.#nodes.get(node.id);
    if (known) return known;
    this.#nodes.set(node.id, node);
    return node;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }
}

export function sourceOf(repository: OpenRepository): TreeSource {
  const { key, engine } = repository;
  return { key, read: engine.read, stages: stagesOf(repository), lands: landsByGate(repository) };
}

function commandOf(node: TreeNode, repository: OpenRepository): vscode.Command | undefined {
  switch (node.kind) {
    case 'run':
    case 'queued':
      return { command: 'interlock.openReport', title: '', arguments: [node] };
    case 'more':
      return { command: 'interlock.showMore', title: '', arguments: [node] };
    case 'artifact': {
      const { read } = repository.engine;
      const worktree = read.item(node.item)?.worktree;
      const path = read.artifacts(node.item).find((row) => row.id === node.artifact)?.path;
      if (worktree === undefined || path === undefined) return undefined;
      return { command: 'vscode.open', title: '', arguments: [vscode.Uri.joinPath(vscode.Uri.file(worktree), path)] };
    }
    default:
      return undefined;
  }
}
