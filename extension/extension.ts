import { join } from 'node:path';
import * as vscode from 'vscode';
import { loadSqlJs } from './ledger/load-sql-js';
import { personActor } from './ui/actor';
import { VIEW_ID, type CommandWorld } from './ui/commands/command-world';
import { registerCommands } from './ui/commands/register-commands';
import { concurrency } from './ui/concurrency';
import { ConfigDiagnostics } from './ui/config-diagnostics';
import { LOG_SCHEME, LogDocuments } from './ui/log-document';
import { Notifier } from './ui/notifier';
import { Overview } from './ui/overview';
import { PANEL_TYPE, ReportPanels } from './ui/panels/report-panels';
import { Repositories } from './ui/repositories';
import { RunnersTree } from './ui/runners/runners-tree';
import { StagingChecks } from './ui/runners/staging-checks';
import { giveKnownSecrets } from './ui/staging/known-secrets';
import { PublishedResults } from './ui/testing/published-results';
import { ResultWatch } from './ui/testing/result-watch';
import { ItemsTree } from './ui/tree/items-tree';
import { WindowLife } from './ui/window-life';
import { WindowView } from './ui/window-view';

/** What other extensions and the suites may look at. */
export interface InterlockApi {
  /** Resolves when the repositories of the window are open, or have turned out not to open. */
  ready(): Promise<void>;
  readonly tree: ItemsTree;
  readonly tests: vscode.TestController;
}

let closeRepositories: (() => Promise<void>) | undefined;

/** Wires the window to the deciding side. Opens nothing itself: ledger and git come after it has returned. */
export function activate(context: vscode.ExtensionContext): InterlockApi {
  const log = vscode.window.createOutputChannel('Interlock', { log: true });
  const dist = join(context.extensionPath, 'dist');
  const repositories = new Repositories(async (cwd) => {
    // Its code is a file of its own, so that starting VS Code does not wait for it.
    const { openEngine } = await import('./open-engine');
    return openEngine({
      cwd,
      hostEntry: join(dist, 'runner-host.js'),
      execPath: process.execPath,
      sqlJs: () => loadSqlJs(dist),
      clientName: 'vscode',
      concurrency: concurrency(),
      log: (line) => log.info(line),
    });
  }, log);

  const overview = new Overview();
  const tree = new ItemsTree(repositories);
  const view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: tree, showCollapseAll: true });
  const panels = new ReportPanels(repositories, vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'), log);
  const notifier = new Notifier();
  const results = new PublishedResults();
  const resultWatch = new ResultWatch(results, log);
  const life = new WindowLife(repositories, overview, context.secrets, log);
  const checks = new StagingChecks();
  const runners = new RunnersTree(repositories, checks, async (repository) => {
    try {
      await giveKnownSecrets(repository, context.secrets);
      await checks.run(repository.key, () => repository.engine.checkStaging());
    } catch (error) {
      log.error(`${repository.name}: ${String(error)}`);
    }
  });
  const runnersView = vscode.window.createTreeView('interlock.runners', { treeDataProvider: runners });
  closeRepositories = () => {
    life.dispose();
    return repositories.close();
  };
  const windowView = new WindowView(repositories, overview, tree, view);
  const world: CommandWorld = {
    repositories,
    tree,
    view,
    panels,
    notifier,
    runners,
    checks,
    secrets: context.secrets,
    log,
    actor: ({ engine }) => personActor(engine.repository.root),
  };

  context.subscriptions.push(
    log,
    tree,
    view,
    panels,
    results,
    life,
    windowView,
    checks,
    runners,
    runnersView,
    new ConfigDiagnostics(),
    registerCommands(world),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, panels),
    vscode.workspace.registerTextDocumentContentProvider(LOG_SCHEME, new LogDocuments(repositories)),
    view.onDidChangeVisibility(({ visible }) => tree.setVisible(visible)),
    runnersView.onDidChangeVisibility(({ visible }) => runners.setVisible(visible)),
    checks.onDidChange(() => runners.refresh()),
    repositories.onDidOpen((repository) => {
      overview.open(repository.key, repository.engine.read);
      notifier.opened(repository);
      void resultWatch.opened(repository);
      void life.settle(repository);
    }),
    repositories.onDidChange(() => {
      overview.keep(new Set(repositories.all.map(({ key }) => key)));
      windowView.update();
      tree.refresh();
      runners.refresh();
      panels.refreshAll();
    }),
    repositories.onDidMoveBranches(() => panels.refreshAll()),
    repositories.onDidChangeItems((change) => {
      const { repository, items } = change;
      const reshaped = overview.update(repository.key, repository.engine.read, items);
      tree.refreshItems(repository.key, items, reshaped);
      windowView.update();
      notifier.changed(change);
      runners.refresh();
      panels.refresh(change);
      void resultWatch.changed(change);
      life.plan(repository);
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void repositories.sync()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void repositories.sync()),
  );
  tree.setVisible(view.visible);
  runners.setVisible(runnersView.visible);
  windowView.update();
  setImmediate(() => void repositories.sync());
  return { ready: () => repositories.ready(), tree, tests: results.controller };
}

/** Leaves runs alone: they belong to the runner host, and whoever opens the ledger next takes up their results. */
export async function deactivate(): Promise<void> {
  await closeRepositories?.();
}
