import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { ConfigProblem } from '../config/project-config';

/** While somebody types, the problems wait for a pause this long. */
const PAUSE_MS = 300;

/**
 * Marks what is wrong in every open interlock.json, at its place: by the same reader that decides. The schema catches what is
 * wrong about one value; this one also what only makes no sense together.
 */
export class ConfigDiagnostics implements vscode.Disposable {
  readonly #problems = vscode.languages.createDiagnosticCollection('interlock');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];
  #disposed = false;

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => void this.#check(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#problems.delete(document.uri)),
    ];
    for (const document of vscode.workspace.textDocuments) void this.#check(document);
  }

  #checkSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#check(document);
      }, PAUSE_MS),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme !== 'file' || basename(document.uri.fsPath) !== 'interlock.json') return;
    // The reader is a file of its own, so that starting VS Code does not wait for it.
    const { parseConfig } = await import('./on-demand');
    if (this.#disposed || document.isClosed) return;
    const parsed = parseConfig(document.getText(), 'interlock.json');
    const problems = parsed.ok ? [] : parsed.problems;
    this.#problems.set(
      document.uri,
      problems.map((problem) => diagnostic(document, problem)),
    );
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#problems.dispose();
  }
}

function diagnostic(
  document: vscode.TextDocument,
  { line, column, message, remedy }: ConfigProblem,
): vscode.Diagnostic {
  const at = new vscode.Position(line - 1, column - 1);
  const word = document.getWordRangeAtPosition(at, /"(?:[^"\\]|\\.){0,200}"|[^\s,:{}[\]]+/);
  const found = new vscode.Diagnostic(word ?? new vscode.Range(at, at.translate(0, 1)), `${message}. ${remedy}.`);
  found.source = 'Interlock';
  return found;
}
