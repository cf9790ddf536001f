import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../setup/step.mjs';

/** A checkout of all files takes minutes on a busy disk; what takes longer than this ends the measurement. */
const GIT_BOUND_MS = 300_000;

/** Everything of a measurement lies in one folder, on the disk of the repository: a temporary folder may be memory. */
export class BenchGit {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;

  constructor(name: string) {
    this.path = join(root, '.tmp', 'bench', `merge-${name}-${process.pid}`);
    mkdirSync(join(this.path, 'home'), { recursive: true });
    this.env = { PATH: process.env['PATH'], HOME: join(this.path, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
  }

  /** What git printed, without its last line end. Throws for any exit code but 0, and after five minutes. */
  git(folder: string, ...args: string[]): string {
    return this.feed(folder, '', ...args);
  }

  feed(folder: string, input: string, ...args: string[]): string {
    const settings = ['user.name=Ann', 'user.email=ann@example.com', 'init.defaultBranch=main', 'gc.auto=0'];
    const all = [...settings.flatMap((setting) => ['-c', setting]), ...args];
    const options = { cwd: folder, env: this.env, input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
    return execFileSync('git', all, { ...options, timeout: GIT_BOUND_MS, stdio: 'pipe' }).trimEnd();
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
