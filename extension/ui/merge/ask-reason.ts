import * as vscode from 'vscode';
import * as words from './words';

/** Never empty: what a person lets pass says why. */
export function askReason(title: string): Promise<string | undefined> {
  return Promise.resolve(
    vscode.window.showInputBox({
      title,
      prompt: words.reasonNeeded(),
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? words.reasonMissing() : undefined),
    }),
  );
}
