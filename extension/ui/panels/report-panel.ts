import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { FromPanel, type PanelTarget, type ToPanel } from '../../../webview/protocol';
import * as messages from '../messages';
import type { OpenRepository, Repositories } from '../repositories';
import { artifactState } from './artifact-state';
import { LogFeed } from './log-feed';
import { openInWorktree } from './open-in-worktree';
import { floorRule } from './floor-rule';
import { panelHtml } from './panel-html';

interface Surroundings {
  repositories: Repositories;
  files: vscode.Uri;
  log: vscode.LogOutputChannel;
}

/**
 * One report beside the editor. The webview keeps nothing but the target: whenever it is drawn anew (first shown, shown again
 * after it was hidden, window reloaded) it says `ready` and gets everything from the ledger.
 */
export class ReportPanel {
  #target: PanelTarget;
  #ready = false;
  #disposed = false;
  /** Counts the drawings that were asked for; one that was overtaken while it read is thrown away. */
  #round = 0;
  readonly #feed: LogFeed;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    target: PanelTarget,
    private readonly around: Surroundings,
  ) {
    this.#target = target;
    this.#feed = new LogFeed((message) => this.#post(message));
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#ready = false;
      }),
    ];
    panel.title = messages.panelTitle(target.item);
    panel.iconPath = vscode.Uri.joinPath(around.files, '..', '..', 'extension', 'ui', 'media', 'panel.svg');
    panel.webview.html = this.#html();
  }

  get target(): PanelTarget {
    return this.#target;
  }

  get column(): vscode.ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  reveal(target: PanelTarget, preserveFocus: boolean): void {
    this.#target = target;
    this.panel.reveal(undefined, preserveFocus);
    this.refresh();
  }

  refresh(): void {
    if (!this.#ready || this.#disposed) return;
    this.#round += 1;
    this.#draw(this.#round).catch((error: unknown) => {
      this.around.log.error(error instanceof Error ? error : String(error));
      this.#notice(messages.reportFailedHeading(), error instanceof Error ? error.message : String(error));
    });
  }

  async #draw(round: number): Promise<void> {
    const { repository: key, item: id } = this.#target;
    const repository = this.around.repositories.get(key);
    if (!repository) {
      const opening = this.around.repositories.isOpening;
      return this.#notice(opening ? messages.openingHeading() : messages.notOpenHeading(), messages.notOpenText(key));
    }
    const { engine, activity } = repository;
    const item = engine.read.item(id);
    if (!item) return this.#notice(messages.itemGone(id), messages.itemGoneText());
    const wanted = this.#target.run;
    // The newest of two is the control run that the older one, over itself, waits for.
    const open = engine.read.openJobs(id);
    const job = wanted === null ? open.at(-1) : open.find((one) => one.id === wanted);
    if (job) {
      // What makes the views is a file of its own, so that starting VS Code does not wait for it.
      const { runningView } = await import('../on-demand');
      if (round !== this.#round || this.#disposed) return;
      const running = runningView(item, job, activity.of(id), engine.read, Date.now());
      this.#post({ type: 'running', target: this.#target, running });
      return this.#feed.live(engine, job.id);
    }
    await this.#drawFinished(repository, round);
  }

  async #drawFinished({ engine }: OpenRepository, round: number): Promise<void> {
    const { item, run } = this.#target;
    const report = await engine.report(item, run ?? undefined);
    if (!report) {
      if (round === this.#round) this.#notice(messages.noRunHeading(item), messages.noRunText());
      return;
    }
    const artifact = await artifactState(report, engine.read);
    const { reportView } = await import('../on-demand');
    if (round !== this.#round || this.#disposed) return;
    const rule = floorRule(engine.read.job(report.run.id));
    const view = reportView(report, { read: engine.read, rule, artifact, now: Date.now() });
    this.#post({ type: 'report', target: this.#target, report: view });
    await this.#feed.finished(report.run.id, report.log);
  }

  #notice(heading: string, sentence: string): void {
    this.#feed.stop();
    this.#post({ type: 'notice', target: this.#target, heading, sentence });
  }

  #post(message: ToPanel): void {
    if (!this.#ready || this.#disposed) return;
    void this.panel.webview.postMessage(message);
  }

  #receive(raw: unknown): void {
    const parsed = FromPanel.safeParse(raw);
    if (!parsed.success) {
      this.around.log.warn(`a message of the report panel was not understood: ${parsed.error.message}`);
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#feed.forget();
        return this.refresh();
      case 'show-run':
        this.#target = { ...this.#target, run: message.run };
        return this.refresh();
      case 'copy':
        return void vscode.env.clipboard.writeText(message.text);
      case 'open-file':
        return void openInWorktree(this.#worktree(), message.file, message.line);
      case 'waive':
        return this.#waive(message.finding);
      case 'command':
        return this.#command(message.command);
    }
  }

  #command(command: (FromPanel & { type: 'command' })['command']): void {
    const { repository, item, run } = this.#target;
    const argument = { repository, item, run };
    switch (command) {
      case 'advance':
        return void vscode.commands.executeCommand('interlock.advanceStage', argument);
      case 'why':
        return void vscode.commands.executeCommand('interlock.why', argument);
      case 'show-log':
        return void vscode.commands.executeCommand('interlock.showLog', argument);
      case 'cancel-run':
        return void vscode.commands.executeCommand('interlock.cancelRun', argument);
      case 'check-staging':
        return void vscode.commands.executeCommand('interlock.checkStagingHost', argument);
      case 'renumber':
        return void vscode.commands.executeCommand('interlock.renumber', argument);
      case 'unfreeze-queue':
        return void vscode.commands.executeCommand('interlock.unfreezeQueue', argument);
      case 'verify-commit':
        return void vscode.commands.executeCommand('interlock.verifyCommit', argument);
      case 'test-explorer':
        return void vscode.commands.executeCommand('workbench.view.testing.focus');
      case 'open-artifact':
        return void this.#openArtifact();
    }
  }

  #waive(finding: string): void {
    const { repository, item, run } = this.#target;
    void vscode.commands.executeCommand('interlock.waiveFinding', { repository, item, run, finding });
  }

  async #openArtifact(): Promise<void> {
    const { repository, item, run } = this.#target;
    const report = await this.around.repositories.get(repository)?.engine.report(item, run ?? undefined);
    if (report?.artifact) await openInWorktree(report.item.worktree, report.artifact, null);
  }

  #worktree(): string | undefined {
    const { repository, item } = this.#target;
    return this.around.repositories.get(repository)?.engine.read.item(item)?.worktree;
  }

  #html(): string {
    const { webview } = this.panel;
    const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.around.files, name)).toString();
    return panelHtml({
      source: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      script: uri('report.js'),
      styles: [uri('codicon.css'), uri('report.css')],
      title: 'Interlock',
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#feed.stop();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
