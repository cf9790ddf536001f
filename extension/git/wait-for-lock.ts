import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitError } from './git-error';
import { locked } from './file-problems';

const POLL_MS = 50;

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until the lock file is gone. An editor's `git status` holds it for some milliseconds; one that stays is a dead
 * process's, and only a person knows that: after `waitMs` it throws `locked`, naming the file.
 */
export async function waitForLock(file: string, waitMs: number): Promise<void> {
  const end = performance.now() + waitMs;
  while (await exists(file)) {
    if (performance.now() >= end) throw locked(file);
    await sleep(POLL_MS);
  }
}

/** Runs the step again as long as it fails while `file` exists, at most for `waitMs`; then throws `locked`. */
export async function retryWhileLocked<T>(file: string, waitMs: number, step: () => Promise<T>): Promise<T> {
  const end = performance.now() + waitMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof GitError) || error.code !== 'failed' || !(await exists(file))) throw error;
      if (performance.now() >= end) throw locked(file);
      await sleep(POLL_MS);
    }
  }
}
