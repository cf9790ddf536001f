import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const CLI = join(import.meta.dirname, '../../../dist/cli.js');

export interface Finished {
  exit: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export interface CliOptions {
  env?: Record<string, string | undefined>;
  /** Another user than the one of the test. */
  uid?: number;
  /** Another Node than the one of the test. */
  node?: string;
  /** File descriptor for stdout; else a pipe that is read. */
  stdout?: number;
}

export interface RunningCli {
  child: ChildProcess;
  ended: Promise<Finished>;
  /** Resolves when stderr holds the text; rejects when the process ends before. */
  says(text: string): Promise<void>;
}

/** Starts the terminal's real bundle as a process of its own. */
export function startCli(cwd: string, words: readonly string[], options: CliOptions = {}): RunningCli {
  if (!existsSync(CLI)) throw new Error(`${CLI} is missing: run \`npm run build\` first`);
  const { node = process.execPath, uid, stdout = 'pipe' } = options;
  const child = spawn(node, [CLI, ...words], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: undefined, ...options.env },
    stdio: ['ignore', stdout, 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let out = '';
  let err = '';
  const watchers = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    for (const watcher of watchers) watcher();
  });
  const ended = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve({ exit, signal, out, err }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!err.includes(text)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying "${text}": ${err}`)), reject);
    });
  return { child, ended, says };
}

/** Runs one command to its end. */
export async function cli(cwd: string, words: readonly string[], options?: CliOptions): Promise<Finished> {
  return startCli(cwd, words, options).ended;
}
