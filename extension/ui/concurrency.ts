import * as vscode from 'vscode';

/** How many runs a runner host started from here may execute at once; null leaves it to the host (half the cores). */
export function concurrency(): number | null {
  const set: unknown = vscode.workspace.getConfiguration('interlock').get('concurrency');
  return typeof set === 'number' && Number.isInteger(set) && set >= 1 ? set : null;
}
