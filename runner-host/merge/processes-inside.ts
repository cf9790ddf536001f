import { readdirSync, readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ProcessTable } from '../processes/process-table';

export interface InsideProcess {
  pid: number;
  command: string;
}

/**
 * Processes, without this one, whose working directory lies in the folder; with `openFiles` those that have a file open there, too.
 * undefined: it could not be looked. Processes of other users are not seen.
 */
export async function processesInside(
  folder: string,
  table: ProcessTable,
  { openFiles = false }: { openFiles?: boolean } = {},
): Promise<InsideProcess[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const root = await realpath(folder).catch(() => folder);
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return undefined;
  }
  return names
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => isIn(root, target(`/proc/${pid}/cwd`)) || (openFiles && hasOpen(pid, root)))
    .map((pid) => ({ pid: Number(pid), command: table.describe(Number(pid)) }));
}

/** Its own program counts as well: that file is open for as long as it runs. */
function hasOpen(pid: string, root: string): boolean {
  let files: string[];
  try {
    files = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return false;
  }
  return [`/proc/${pid}/exe`, ...files.map((file) => `/proc/${pid}/fd/${file}`)].some((link) =>
    isIn(root, target(link)),
  );
}

function target(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function isIn(root: string, path: string): boolean {
  const plain = path.replace(/ \(deleted\)$/, '');
  return plain === root || plain.startsWith(`${root}${sep}`);
}
