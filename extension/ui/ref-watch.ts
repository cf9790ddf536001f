import * as vscode from 'vscode';

/** A commit writes several files; one look afterwards is enough. */
const GATHER_MS = 500;

/** Calls back when a branch of the repository has moved: the configuration may be another one, a report may be stale. */
export class RefWatch implements vscode.Disposable {
  readonly #watcher: vscode.FileSystemWatcher;
  #timer: NodeJS.Timeout | undefined;

  constructor(commonDir: string, onMove: () => void) {
    const branches = new vscode.RelativePattern(vscode.Uri.file(commonDir), '{packed-refs,refs/heads/**}');
    this.#watcher = vscode.workspace.createFileSystemWatcher(branches);
    const gather = (): void => {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        onMove();
      }, GATHER_MS);
    };
    this.#watcher.onDidChange(gather);
    this.#watcher.onDidCreate(gather);
    this.#watcher.onDidDelete(gather);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#watcher.dispose();
  }
}
