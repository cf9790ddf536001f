import { execa } from 'execa';
import type { Readable } from 'node:stream';
import type { KnownProcess, ProcessTable } from '../processes/process-table';

export type Ended =
  | { kind: 'exited'; code: number | null; signal: NodeJS.Signals | null }
  | { kind: 'failed'; code: string; detail: string };

export interface Started {
  /** Null if nothing was started; then `ended` says why. */
  leader: KnownProcess | null;
  /** Comparable age of the leader; everything older is not of this run. */
  age: number;
  outputEnds: ReadonlySet<string>;
  stdout: Readable | null;
  stderr: Readable | null;
  /**
   * From the `exit` event: `close`, and with it the promise of execa, never comes while a daemon holds the pipes.
   * Never rejects.
   */
  ended: Promise<Ended>;
}

const NOTHING = { leader: null, age: 0, outputEnds: new Set<string>(), stdout: null, stderr: null };

/**
 * Starts the command as the leader of a session and group of its own, without stdin.
 * What identifies it is read before anything else can run here: a moment later the leader may be gone.
 */
export function startCommand(
  command: readonly [string, ...string[]],
  options: { cwd: string; env: Readonly<Record<string, string>>; table: ProcessTable },
): Started {
  const [program, ...args] = command;
  const subprocess = execa(program, args, {
    cwd: options.cwd,
    env: { ...options.env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    encoding: 'buffer',
    reject: false,
  });
  const child = subprocess.nodeChildProcess;
  const failed = (error: NodeJS.ErrnoException): Ended => ({
    kind: 'failed',
    code: error.code ?? 'unknown',
    detail: error.message,
  });

  if (child.pid === undefined) {
    // execa folds start errors into its result; the code is that of the system call.
    const ended = subprocess.then((result): Ended => {
      const cause = result.cause as NodeJS.ErrnoException | undefined;
      return failed(cause ?? new Error(result.originalMessage ?? 'the command could not be started'));
    });
    return { ...NOTHING, ended };
  }
  const entry = options.table.read(child.pid);
  const outputEnds = new Set(options.table.outputEnds(child.pid));
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code, signal }));
    child.once('error', (error) => resolve(failed(error)));
  });
  return {
    leader: { pid: child.pid, startTime: entry?.startTime ?? '' },
    age: entry?.age ?? Number.POSITIVE_INFINITY,
    outputEnds,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
  };
}
