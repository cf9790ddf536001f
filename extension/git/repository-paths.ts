import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Repository } from '../engine';
import type { RunGit } from './run-git';

/** What every part of the adapter works with. */
export interface GitContext {
  run: RunGit;
  repository: Repository;
  /** How long a lock file of another git process is waited for, in ms. */
  lockWaitMs: number;
}

/** The path with its links resolved, or as it is where it does not exist. */
export async function canonical(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return resolve(path);
  }
}
