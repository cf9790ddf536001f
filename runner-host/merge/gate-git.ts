import { spawn, type ChildProcess } from 'node:child_process';
import { GitFailure } from '../git/run-git';

const LOCAL_BOUND_MS = 120_000;
/** git removes its lock files on SIGTERM: it gets this long before SIGKILL. */
const TERM_GRACE_MS = 2_000;
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const MOST_WORDS_BYTES = 64 * 1024;
/** How long the pipes are waited for once git itself has ended: a helper (ssh's ControlPersist) may keep them. */
const PIPES_WAIT_MS = 5_000;

/** No hook, watcher, signing program, recorded resolution or maintenance of anybody's takes part. */
const SETTINGS = [
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.untrackedCache=false', 'core.sparseCheckout=false'],
  ...['core.attributesFile=/dev/null', 'core.logAllRefUpdates=false', 'core.quotePath=false'],
  ...['commit.gpgSign=false', 'tag.gpgSign=false', 'push.gpgSign=false', 'rerere.enabled=false'],
  ...['gc.auto=0', 'maintenance.auto=false', 'i18n.commitEncoding=UTF-8', 'submodule.recurse=false'],
  ...['push.followTags=false', 'push.recurseSubmodules=no', 'fetch.recurseSubmodules=no', 'fetch.prune=false'],
];
/** A person's own settings could change how two sides are merged, and with it the candidate's id. */
const NOBODYS = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

export interface GateGitCall {
  input?: Buffer | string;
  variables?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer; any other throws. Default: 0. */
  accept?: readonly number[];
  /** ms; default two minutes. */
  timeoutMs?: number;
  folder?: string;
  /** `user`: with the person's global settings (credentials, addresses, filters, line ends). Default: nobody's. */
  settings?: 'nobody' | 'user';
}

export interface GateGitAnswer {
  /** Null: it ended by a signal or at its bound, or was never started. */
  code: number | null;
  stdout: Buffer;
  stderr: string;
  timedOut: boolean;
}

export interface GateGitOptions {
  folder: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Runs git for the merge gate: in its mirror unless told otherwise, never with the caller's `GIT_*`. */
export class GateGit {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal;

  constructor({ folder, env, signal }: GateGitOptions) {
    this.folder = folder;
    this.#env = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(GIT_|LC_|LANG$|LANGUAGE$)/i.test(name)));
    this.#signal = signal;
  }

  /** Throws `GitFailure` for an exit code that was not asked for. */
  async run(args: readonly string[], call: GateGitCall = {}): Promise<GateGitAnswer & { code: number }> {
    const answer = await this.ask(args, call);
    const { code, stderr, timedOut } = answer;
    if (code !== null && (call.accept ?? [0]).includes(code)) return { ...answer, code };
    const said = stderr.trim().slice(-2000);
    throw new GitFailure(args, timedOut ? 'it did not end in time' : said === '' ? `exit code ${code}` : said);
  }

  /** The answer as text without its last newline. */
  async text(args: readonly string[], call: GateGitCall = {}): Promise<string> {
    return (await this.run(args, call)).stdout.toString('utf8').replace(/\n$/, '');
  }

  /** Whatever git answered. Throws `GitFailure` only where it could not be started. */
  ask(args: readonly string[], call: GateGitCall = {}): Promise<GateGitAnswer> {
    const env = {
      ...this.#env,
      ...(call.settings === 'user' ? {} : NOBODYS),
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_REPLACE_OBJECTS: '1',
      ...call.variables,
    };
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    return runOnce(['--no-optional-locks', '--literal-pathspecs', ...settings, ...args], args, {
      cwd: call.folder ?? this.folder,
      env,
      input: call.input ?? '',
      timeoutMs: call.timeoutMs ?? LOCAL_BOUND_MS,
      signal: this.#signal,
    });
  }
}

interface Once {
  cwd: string;
  env: NodeJS.ProcessEnv;
  input: Buffer | string;
  timeoutMs: number;
  signal: AbortSignal;
}

function runOnce(all: readonly string[], shown: readonly string[], once: Once): Promise<GateGitAnswer> {
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const output: Buffer[] = [];
    let bytes = 0;
    let words = '';
    let timedOut = false;
    let failure: GitFailure | null = null;
    const child = spawn('git', all, { cwd: once.cwd, env: once.env, stdio: 'pipe', windowsHide: true, detached: true });
    const end = (): void => {
      signalGroup(child, 'SIGTERM');
      timers.push(setTimeout(() => signalGroup(child, 'SIGKILL'), TERM_GRACE_MS));
    };
    const cancelled = (): void => {
      failure ??= new GitFailure(shown, 'the run was stopped');
      end();
    };
    let settled = false;
    const settle = (code: number | null): void => {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      once.signal.removeEventListener('abort', cancelled);
      child.stdout.destroy();
      child.stderr.destroy();
      if (failure !== null) reject(failure);
      else resolve({ code: timedOut ? null : code, stdout: Buffer.concat(output), stderr: words, timedOut });
    };
    child.on('error', (error) => {
      failure ??= new GitFailure(shown, error.message);
      settle(null);
    });
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= MOST_OUTPUT_BYTES) return void output.push(piece);
      failure ??= new GitFailure(shown, `its answer is larger than ${MOST_OUTPUT_BYTES} bytes`);
      end();
    });
    child.stderr.on('data', (piece: Buffer) => {
      words = (words + piece.toString('utf8')).slice(-MOST_WORDS_BYTES);
    });
    // git may end before it has read its input: its exit code tells, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(once.input);
    child.on('close', settle);
    child.on('exit', (code) => {
      timers.push(
        setTimeout(() => {
          // What is there may not be all: that is no answer.
          if (!child.stdout.readableEnded) failure ??= new GitFailure(shown, 'its output did not end');
          settle(code);
        }, PIPES_WAIT_MS),
      );
    });
    timers.push(
      setTimeout(() => {
        timedOut = true;
        end();
      }, once.timeoutMs),
    );
    if (once.signal.aborted) cancelled();
    else once.signal.addEventListener('abort', cancelled, { once: true });
  });
}

/** A group of its own: a bound ends git's helpers too. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone: what was wanted.
  }
}
