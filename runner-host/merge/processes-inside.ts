import { readdirSync, readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { ProcessTable } from '../processes/process-table';

export interface InsideProcess {
  pid: number;
  command: string;
}

/**
 * Processes, without this one, whose working directory lies in the folder. undefined: it could not be looked. Processes of other
 * users are not seen.
 */
export async function processesInside(folder: string, table: ProcessTable): Promise<InsideProcess[] | undefined> {
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
    .filter((pid) => isIn(root, workingDirectory(pid)))
    .map((pid) => ({ pid: Number(pid), command: table.describe(Number(pid)) }));
}

function workingDirectory(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function isIn(root: string, path: string): boolean {
  const plain = path.replace(/ \(deleted\)$/, '');
  return plain === root || plain.startsWith(`${root}${sep}`);
}
