import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { collectBytes } from './collect-bytes';
import type { GitError } from './git-error';
import { FIXED_OPTIONS, gitEnvironment } from './git-environment';
import {
  folderGone,
  gitFailed,
  gitMissing,
  gitNotStarted,
  gitTimedOut,
  outputNotEnded,
  outputTooLarge,
} from './problems';

export interface GitOptions {
  /** Default: the runner's own folder. */
  cwd?: string;
  input?: Buffer | string;
  env?: Record<string, string>;
  /** ms; default 60 s. */
  timeoutMs?: number;
  /** Bound of stdout in bytes; default 64 MiB. */
  maxBytes?: number;
  /** Exit codes that are an answer; any other throws. Default: 0 alone. */
  accept?: readonly number[];
}

export interface GitAnswer {
  code: number;
  stdout: Buffer;
  stderr: string;
}

/** Runs git once, without a shell. Throws `GitError`: git-missing, timeout, output-too-large, failed. */
export type RunGit = (args: readonly string[], options?: GitOptions) => Promise<GitAnswer>;

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;
/** git removes its lock files on SIGTERM: it gets this long before SIGKILL. */
const TERM_GRACE_MS = 2_000;
/** How long the pipes are waited for once git itself has ended: stderr holds only words, stdout the answer. */
const STDERR_WAIT_MS = 1_000;
const STDOUT_WAIT_MS = 5_000;

export function createRunGit(cwd: string, env: NodeJS.ProcessEnv = process.env): RunGit {
  return (args, options = {}) => runOnce(cwd, env, args, options);
}

/**
 * Orders of events that occur: no process at all ('error', or a throw); exit, then the end of the pipes; exit, while a
 * grandchild keeps stderr open (ssh's ControlPersist); the bound is reached and git, or only its helper, ignores SIGTERM.
 */
function runOnce(
  cwd: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  options: GitOptions,
): Promise<GitAnswer> {
  const command = args[0] ?? '';
  const folder = options.cwd ?? cwd;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;

  return new Promise((resolve, reject) => {
    let failure: GitError | null = null;
    const timers: NodeJS.Timeout[] = [];
    const after = (ms: number, act: () => void): void => void timers.push(setTimeout(act, ms));
    let concluded = false;
    const conclude = (act: () => void): void => {
      if (concluded) return;
      concluded = true;
      for (const timer of timers) clearTimeout(timer);
      act();
    };
    const stop = (cause: GitError): void => {
      if (failure !== null) return;
      failure = cause;
      signalGroup(child, 'SIGTERM');
      after(TERM_GRACE_MS, () => signalGroup(child, 'SIGKILL'));
    };

    let child: ChildProcess;
    try {
      child = startGit(args, folder, gitEnvironment(env, options.env));
    } catch (cause) {
      reject(whyNotStarted(command, folder, cause));
      return;
    }
    child.on('error', (cause) => conclude(() => reject(whyNotStarted(command, folder, cause))));
    const { stdin, stdout, stderr } = child;
    // Without a free file descriptor there are no pipes either, and 'error' tells.
    if (!stdin || !stdout || !stderr) return;
    const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    const output = collectBytes(stdout, maxBytes, () => stop(outputTooLarge(`git ${command}`)));
    const words = collectBytes(stderr, MAX_STDERR_BYTES, () => undefined);
    after(timeoutMs, () => stop(gitTimedOut(command, timeoutMs)));

    const settle = (code: number | null, signal: NodeJS.Signals | null): void =>
      conclude(() => {
        if (failure !== null) {
          signalGroup(child, 'SIGKILL');
          reject(failure);
          return;
        }
        const answer = { code: code ?? -1, stdout: output(), stderr: words().toString('utf8') };
        if (code !== null && (options.accept ?? [0]).includes(code)) resolve(answer);
        else reject(gitFailed(command, code, signal, answer.stderr));
      });
    child.on('close', settle);
    child.on('exit', (code, signal) => {
      after(STDERR_WAIT_MS, () => {
        if (!stdout.readableEnded) return;
        stderr.destroy();
        settle(code, signal);
      });
      after(STDOUT_WAIT_MS, () => {
        // What is there may not be all: that is no answer.
        failure ??= outputNotEnded(command);
        stdout.destroy();
        stderr.destroy();
        settle(code, signal);
      });
    });
    // git may end before it has read its input: its exit code tells, not the broken pipe.
    stdin.on('error', () => undefined);
    stdin.end(options.input ?? '');
  });
}

/** A group of its own: a bound ends git's helpers too, and Ctrl-C in a terminal does not stop git between two writes. */
const OWN_GROUP = process.platform !== 'win32';

function startGit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn('git', [...FIXED_OPTIONS, ...args], { cwd, env, stdio: 'pipe', windowsHide: true, detached: OWN_GROUP });
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (OWN_GROUP) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // Already gone: what was wanted.
  }
}

/** ENOENT is said of a missing program and of a missing folder alike; a full process table passes by itself. */
function whyNotStarted(command: string, folder: string, cause: unknown): GitError {
  if (!existsSync(folder)) return folderGone(folder);
  const errno = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return errno === 'ENOENT' || errno === 'EACCES' ? gitMissing(cause) : gitNotStarted(command, cause);
}

/** The answer without its one trailing newline: a path may end in white space of its own. */
export function lineOf(answer: GitAnswer): string {
  const text = answer.stdout.toString('utf8');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}
