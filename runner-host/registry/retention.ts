import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunId } from '../protocol/run-spec';
import { REMOVED, RunDirectory } from './run-directory';

async function names(runs: string): Promise<string[]> {
  try {
    return await readdir(runs);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The runs that have a folder, oldest first. */
export async function listRuns(runs: string): Promise<RunDirectory[]> {
  return (await names(runs))
    .filter((name) => RunId.safeParse(name).success)
    .sort()
    .map((name) => new RunDirectory(runs, name));
}

/** Removes acknowledged runs beyond the newest `keep`; what the ledger does not hold yet stays whatever its age. */
export async function removeOldRuns(runs: string, keep: number): Promise<void> {
  const acknowledged = (await listRuns(runs)).filter((directory) => directory.isAcknowledged());
  for (const directory of acknowledged.slice(0, Math.max(0, acknowledged.length - keep))) await directory.remove();
}

/** Ends the removals that a crash cut short. */
export async function finishRemovals(runs: string): Promise<void> {
  const half = (await names(runs)).filter((name) => name.endsWith(REMOVED));
  for (const name of half) await rm(join(runs, name), { recursive: true, force: true });
}
