import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { WriterAnswer, WriterTask } from './writer';

/** Bundles the writer into the folder; the ledger's source is TypeScript. */
export async function bundleWriter(folder: string): Promise<string> {
  const outfile = join(folder, 'writer.cjs');
  const entry = join(import.meta.dirname, 'writer.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return outfile;
}

/** A writer process that has its ledger open and waits to be started. */
export class WriterProcess {
  private readonly lines: AsyncIterator<string>;
  private readonly closed: Promise<unknown>;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.closed = once(child, 'close');
    this.lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stdin.on('error', () => undefined); // it may be dead already
    child.stderr.pipe(process.stderr);
  }

  static spawn(script: string, task: WriterTask): WriterProcess {
    return new WriterProcess(spawn(process.execPath, [script, JSON.stringify(task)]));
  }

  /** Resolves when the ledger is open, or the process has ended before. */
  async ready(): Promise<void> {
    await this.lines.next();
  }

  start(): void {
    this.child.stdin.write('go\n');
  }

  /** What it has done, or null if it died. It stays until `dismiss`. */
  async answer(): Promise<WriterAnswer | null> {
    const line = await this.lines.next();
    return line.done ? null : (JSON.parse(line.value) as WriterAnswer);
  }

  /** How many commits it won, or null if it died. It stays until `dismiss`. */
  async result(): Promise<number | null> {
    return (await this.answer())?.won ?? null;
  }

  async dismiss(): Promise<void> {
    this.child.stdin.end();
    await this.closed;
  }

  /** Stops it where it stands, until `resume`. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
