import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Ready, WorkerResult, type WorkerSpec } from './spec';

/** A process that has its store open and waits for `start`. */
export interface Worker {
  readonly ready: Ready;
  start(): void;
  /** Asks one that waits for others to end with what it has. */
  finish(): void;
  result(): Promise<WorkerResult>;
}

/** What a measurement is made with: the bundled worker, and the environment that slows flushes or an empty one. */
export interface WorkerProgram {
  file: string;
  env: Readonly<Record<string, string>>;
}

/** A process that takes longer than this is given up, ms. Seeding the largest journal takes the longest. */
const LIMIT_MS = 240_000;

/** @throws Error when the process ends without having opened its store, or does not within the limit */
export async function startWorker({ file, env }: WorkerProgram, spec: WorkerSpec): Promise<Worker> {
  const child = forkWorker(file, env, spec);
  const messages = messagesOf(child, spec);
  const ready = Ready.parse(await messages.next());
  return {
    ready,
    start: () => child.send('start'),
    finish: () => void (child.connected && child.send('finish')),
    async result() {
      const result = WorkerResult.parse(await messages.next());
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return result;
    },
  };
}

/** Runs a worker that needs no start signal. */
export async function runToEnd({ file, env }: WorkerProgram, spec: WorkerSpec): Promise<WorkerResult> {
  const child = forkWorker(file, env, spec);
  const messages = messagesOf(child, spec);
  const result = WorkerResult.parse(await messages.next());
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return result;
}

function forkWorker(file: string, env: Readonly<Record<string, string>>, spec: WorkerSpec): ChildProcess {
  return fork(file, [JSON.stringify(spec)], {
    env: { ...process.env, ...env },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
}

function messagesOf(child: ChildProcess, { mode, store }: WorkerSpec): { next(): Promise<unknown> } {
  const waiting: unknown[] = [];
  let wake: (() => void) | undefined;
  let ended: string | undefined;
  child.on('message', (message) => {
    waiting.push(message);
    wake?.();
  });
  child.on('exit', (code, signal) => {
    ended = `${mode} of ${store} ended with ${signal === 'SIGKILL' ? `no result within ${LIMIT_MS / 1000} s` : (code ?? signal)}`;
    wake?.();
  });
  return {
    async next() {
      while (waiting.length === 0 && ended === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (waiting.length === 0) throw new Error(ended);
      return waiting.shift();
    },
  };
}
