import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Log } from '../supervisor/send-signal';
import { readLines, toLine } from './lines';
import { DESCRIPTORS, FromShim, type ContainmentName, type FromShimOf, type ShimSpec, type ToShim } from './messages';
import { openPipes } from './open-pipes';
import { shimEnvironment } from './shim-environment';

export interface ShimPlan {
  /** Node, or VS Code's own program. */
  execPath: string;
  /** Absolute path of `shim.js`. */
  entry: string;
  /** Absolute path of koffi's native part; null: without it. */
  native: string | null;
  /** What the shim may use besides looking at the process table. */
  allowed: readonly ContainmentName[];
  /** A folder of this user alone, for names that live a moment. */
  folder: string;
  /** The host's own environment. */
  env: NodeJS.ProcessEnv;
  log: Log;
}

/** A shim as its host sees it. Each of its messages comes at most once; null says that the shim is gone and it never will. */
export interface Shim {
  pid: number;
  stdout: Readable;
  stderr: Readable;
  ready: Promise<FromShimOf<'ready'> | null>;
  started: Promise<FromShimOf<'started'> | null>;
  ending: Promise<FromShimOf<'ending'> | null>;
  ended: Promise<FromShimOf<'ended'> | null>;
  exited: Promise<void>;
  run(spec: ShimSpec): void;
  stop(reason: string): void;
  /** Signals the shim itself, as long as it is certainly still there. */
  signal(signal: 'SIGCONT' | 'SIGKILL'): void;
  /** Lets go of everything that keeps this process up; a shim that still runs ends its run and itself. */
  dispose(): void;
}

/**
 * Starts a shim; it waits for its run.
 * @throws the system's error if no process can be started
 */
export async function startShim(plan: ShimPlan): Promise<Shim> {
  const pipes = await openPipes(plan.folder);
  const [stdout, stderr] = pipes?.writeEnds ?? ['pipe' as const, 'pipe' as const];
  const child = spawn(
    plan.execPath,
    [plan.entry, plan.allowed.join(','), ...(plan.native === null ? [] : [plan.native])],
    {
      // Its own session: what ends the host's group must not end the one who clears up after the host.
      detached: true,
      windowsHide: true,
      cwd: '/',
      env: shimEnvironment(plan.env),
      stdio: ['pipe', 'ignore', 'pipe', 'pipe', stdout, stderr],
    },
  );
  pipes?.release();
  const { pid } = child;
  if (pid === undefined) {
    pipes?.destroy();
    throw await new Promise<Error>((resolve) => child.once('error', resolve));
  }
  const control = socketAt(child, DESCRIPTORS.control);
  const log = socketAt(child, DESCRIPTORS.log);
  const events = socketAt(child, DESCRIPTORS.events);
  const output = pipes ?? {
    stdout: socketAt(child, DESCRIPTORS.stdout),
    stderr: socketAt(child, DESCRIPTORS.stderr),
  };
  // A write to a shim that has just died fails; `exited` tells of it.
  control.on('error', () => undefined);
  readLines(log, { onLine: (line) => plan.log(`shim ${pid}: ${line}`), onEnd: () => undefined });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.on('error', (error) => plan.log(`shim ${pid}: ${error.message}`));
  const send = (message: ToShim): void => void control.write(toLine(message));
  return {
    pid,
    stdout: output.stdout,
    stderr: output.stderr,
    ...listen(events, exited, plan.log),
    exited,
    run: (spec) => send({ type: 'run', spec }),
    stop: (reason) => send({ type: 'stop', reason }),
    signal: (signal) => void child.kill(signal),
    dispose() {
      for (const stream of [control, log, events, output.stdout, output.stderr]) stream.destroy();
      child.unref();
    },
  };
}

function socketAt(child: ChildProcess, descriptor: number): Socket {
  const stream: unknown = Array.from<unknown>(child.stdio)[descriptor];
  if (stream instanceof Socket) return stream;
  throw new Error(`there is no pipe at descriptor ${descriptor}`);
}

/** Sorts the shim's messages. A line that is none of them ends the listening: nothing after it can be trusted. */
function listen(
  events: Readable,
  exited: Promise<void>,
  log: Log,
): Pick<Shim, 'ready' | 'started' | 'ending' | 'ended'> {
  const waiting = new Map<FromShim['type'], (message: FromShim | null) => void>();
  const promised = <T extends FromShim['type']>(type: T): Promise<FromShimOf<T> | null> =>
    new Promise((resolve) => waiting.set(type, resolve as (message: FromShim | null) => void));
  const promises = {
    ready: promised('ready'),
    started: promised('started'),
    ending: promised('ending'),
    ended: promised('ended'),
  };
  const over = (): void => waiting.forEach((resolve) => resolve(null));
  readLines(events, {
    onLine(line) {
      try {
        const message = FromShim.parse(JSON.parse(line));
        waiting.get(message.type)?.(message);
      } catch (error) {
        log(`shim: not understood: ${(error as Error).message}`);
        over();
      }
    },
    onEnd: over,
  });
  // Only if the end of the stream does not come: the last message may still be on its way when the exit is told.
  void exited.then(() => setTimeout(over, 1000).unref());
  return promises;
}
