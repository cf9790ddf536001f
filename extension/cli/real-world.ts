import { open, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isatty } from 'node:tty';
import { createRunGit } from '../git/run-git';
import { askPerson } from './ask-person';
import { leave } from './leave';
import { plainLine, plainLines } from './plain-text';
import type { World } from './world';

const GIT_CONFIG_MS = 5_000;
const TAIL_BYTES = 64 * 1024;
const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

type Outside = Omit<World, 'cwd' | 'env' | 'stdout' | 'stderr' | 'version' | 'openEngine'>;

/** What commands touch of the operating system. */
export const outside: Outside = {
  node: process.version,
  get interactive() {
    return isatty(0) && isatty(2);
  },
  now: () => Date.now(),
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  onInterrupt(listener) {
    for (const signal of INTERRUPTS) process.on(signal, listener);
    return () => {
      for (const signal of INTERRUPTS) process.off(signal, listener);
    };
  },
  leave,
  isFolder: (path) =>
    stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    ),
  actor: async (cwd) => `cli:${plainLine(await userName(cwd)).trim() || 'unknown'}`,
  gitVersion,
  ask: (question, hidden) => askPerson(question, hidden, { input: process.stdin, output: process.stderr }),
  tail: lastLines,
};

async function gitVersion(cwd: string): Promise<string | null> {
  try {
    const { stdout } = await createRunGit(cwd)(['--version'], { timeoutMs: GIT_CONFIG_MS });
    return plainLine(stdout.toString('utf8')).replace(/^git version /, '');
  } catch {
    return null;
  }
}

/** git's `user.name`, as commits have it, else the operating system's name for the user. */
async function userName(cwd: string): Promise<string> {
  try {
    const { stdout } = await createRunGit(cwd)(['config', '--get', 'user.name'], { timeoutMs: GIT_CONFIG_MS });
    const name = stdout.toString('utf8').trim();
    if (name) return name;
  } catch {
    // Not set, or no git: the system knows a name, too.
  }
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the password file, as in containers.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The last non-empty lines of a file, made safe to print; empty if it cannot be read. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const bytes = Buffer.alloc(size - from);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      const lines = plainLines(bytes.toString('utf8', 0, bytesRead));
      return (from > 0 ? lines.slice(1) : lines).filter((text) => text.trim()).slice(-count);
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}
