import type { Engine } from '../../../extension/engine';
import { runCli } from '../../../extension/cli/run-cli';
import type { World } from '../../../extension/cli/world';
import { fakeEngine } from './fake-engine';
import { NOW } from './rows';

/** A terminal whose keys, clock and timers a test works by hand. */
export class FakeWorld implements World {
  readonly cwd = '/repo';
  readonly version = '1.2.3';
  readonly node = 'v22.1.0';
  interactive = false;
  /** What the person at the terminal will answer, in order; then they leave. */
  answers: (string | null)[] = [];
  asked: { question: string; hidden: boolean }[] = [];
  env: Record<string, string | undefined> = {};
  out = '';
  err = '';
  left: number | undefined;
  time = NOW;
  tty = false;
  openEngineCalls: string[] = [];
  tailLines: string[] = [];
  private readonly listeners = new Set<() => void>();
  private timers: { due: number; ms: number; tick: () => void }[] = [];

  constructor(readonly engine: Engine = fakeEngine()) {}

  readonly stdout = this.stream((text) => (this.out += text));
  readonly stderr = this.stream((text) => (this.err += text));

  private stream(write: (text: string) => void): World['stdout'] {
    const isTty = (): boolean => this.tty;
    return {
      write,
      get isTTY() {
        return isTty();
      },
      get columns() {
        return isTty() ? 60 : undefined;
      },
    };
  }

  now(): number {
    return this.time;
  }
  every(ms: number, tick: () => void): () => void {
    const timer = { due: this.time + ms, ms, tick };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }
  /** Lets time pass and rings the timers that are due. */
  pass(ms: number): void {
    this.time += ms;
    for (const timer of [...this.timers]) {
      if (timer.due > this.time) continue;
      timer.due = this.time + timer.ms;
      timer.tick();
    }
  }
  get timerCount(): number {
    return this.timers.length;
  }
  onInterrupt(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  get listenerCount(): number {
    return this.listeners.size;
  }
  pressCtrlC(): void {
    for (const listener of [...this.listeners]) listener();
  }
  leave(exit: number): void {
    this.left ??= exit;
  }
  isFolder(path: string): Promise<boolean> {
    return Promise.resolve(!path.includes('nowhere'));
  }
  actor(): Promise<string> {
    return Promise.resolve('cli:Ann');
  }
  openEngine(cwd: string): Promise<Engine> {
    this.openEngineCalls.push(cwd);
    return Promise.resolve(this.engine);
  }
  gitVersion(): Promise<string | null> {
    return Promise.resolve('2.39.5');
  }
  ask(question: string, hidden: boolean): Promise<string | null> {
    this.asked.push({ question, hidden });
    return Promise.resolve(this.answers.shift() ?? null);
  }
  tail(): Promise<string[]> {
    return Promise.resolve(this.tailLines);
  }
}

export interface Ran {
  exit: number;
  out: string;
  err: string;
  world: FakeWorld;
}

/** One command line, as if typed; words are split at spaces. */
export async function run(line: string | string[], world = new FakeWorld()): Promise<Ran> {
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const exit = await runCli(argv, world);
  return { exit, out: world.out, err: world.err, world };
}

/** The single JSON object on stdout; fails if there is anything else. */
export function onlyJson(out: string): Record<string, unknown> {
  const lines = out.split('\n');
  if (lines.length !== 2 || lines[1] !== '') throw new Error(`expected one line on stdout, got: ${out}`);
  const value: unknown = JSON.parse(lines[0] ?? '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`not an object: ${out}`);
  return { ...value };
}
