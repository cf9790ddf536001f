import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import treeKill from 'tree-kill';
import { isSignallable } from './send-signal';

const BOUND_MS = 5000;

/**
 * The last layer, and the only one on Windows (`taskkill /T /F`). Resolves after at most 5 s, whatever came of it: the caller
 * looks for itself. Where its helper program is missing it does nothing, because tree-kill would end this process.
 */
export async function killTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (!isSignallable(pid) || !hasHelper()) return;
  await new Promise<void>((resolve) => {
    const bound = setTimeout(resolve, BOUND_MS);
    treeKill(pid, signal, () => {
      clearTimeout(bound);
      resolve();
    });
  });
}

function hasHelper(): boolean {
  const name = { win32: 'taskkill.exe', darwin: 'pgrep' }[process.platform as string] ?? 'ps';
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
