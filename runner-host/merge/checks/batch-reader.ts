import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { GitFailure, GIT_OPTIONS, gitVariables } from '../../git/run-git';
import { parseTree } from './tree-walk';
import type { Content, TreeEntry } from './trees';

const ARGS = ['cat-file', '--batch-command', '-z'];
/** Without one byte for so long git is not working any more. */
const SILENT_MS = 60_000;

interface Waiting {
  request: string;
  withContents: boolean;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** `undefined`: there is no such object. */
type Answer = { id: string; type: string; size: number; bytes: string } | undefined;

/** One `git cat-file` that answers for objects until it is closed. Every question throws `GitFailure` once git has failed. */
export class BatchReader {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<void>;
  readonly #waiting: Waiting[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes that are needed before it is worth to look again. */
  #needed = 1;
  #failure: GitFailure | undefined;
  #alarm: NodeJS.Timeout | undefined;
  #said = '';

  constructor(folder: string, env: NodeJS.ProcessEnv, options: readonly string[] = []) {
    this.#child = spawn('git', [...GIT_OPTIONS, ...options, ...ARGS], { cwd: folder, env: gitVariables(env) });
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-2000)));
    this.#child.on('error', (error) => this.#fail(error.message));
    this.#child.stdin.on('error', () => undefined); // 'close' says why
    this.#child.once('close', () => this.#fail(this.#said.trim() || 'git cat-file ended'));
  }

  /** An object by any name that git knows, as bytes; contents above the bound are not asked for. */
  async read(name: string, mostBytes: number): Promise<Content> {
    if (name.includes('\0')) return { state: 'absent' };
    const info = await this.#ask(name, false);
    if (info?.type !== 'blob') return { state: 'absent' };
    if (info.size > mostBytes) return { state: 'too-large', size: info.size };
    const answer = await this.#ask(name, true);
    if (answer === undefined) throw new GitFailure(ARGS, `${name} was there and is gone`);
    return { state: 'read', bytes: answer.bytes };
  }

  /** The id of the object of this name. Throws `GitFailure` if there is none. */
  async id(name: string): Promise<string> {
    const info = await this.#ask(name, false);
    if (info === undefined) throw new GitFailure(ARGS, `${name} is not in the repository`);
    return info.id;
  }

  /** The entries of a tree object. Throws `GitFailure`. */
  async tree(id: string): Promise<Map<string, TreeEntry>> {
    const answer = await this.#ask(id, true);
    if (answer?.type !== 'tree') throw new GitFailure(ARGS, `${id} is no tree`);
    return parseTree(id, answer.bytes);
  }

  /** Ends the process; questions that are open are refused. */
  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #ask(request: string, withContents: boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.push({ request, withContents, resolve, reject });
      this.#watch();
      this.#child.stdin.write(Buffer.from(`${withContents ? 'contents' : 'info'} ${request}\0`, 'latin1'));
    });
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return this.#watch();
    let all = Buffer.concat(this.#chunks);
    this.#needed = 1;
    for (let waiting = this.#waiting[0]; waiting !== undefined; waiting = this.#waiting[0]) {
      const used = this.#answer(waiting, all);
      if (used === 0) break;
      all = all.subarray(used);
      this.#waiting.shift();
    }
    this.#chunks = [all];
    this.#length = all.length;
    this.#watch();
  }

  /** Returns how many bytes the answer took; 0: it is not whole yet. */
  #answer(waiting: Waiting, all: Buffer): number {
    // A name may hold a line feed: what is missing is recognised by the whole name.
    const missing = Buffer.from(`${waiting.request} missing\n`, 'latin1');
    if (all.subarray(0, missing.length).equals(missing)) {
      waiting.resolve(undefined);
      return missing.length;
    }
    const end = all.indexOf(10);
    if (end === -1) return 0;
    const header = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(all.toString('latin1', 0, end));
    if (!header) {
      if (all.length < missing.length) return 0;
      this.#fail(`git cat-file answered "${all.toString('latin1', 0, Math.min(end, 200))}"`);
      return 0;
    }
    const size = Number(header[3]);
    const whole = end + 1 + (waiting.withContents ? size + 1 : 0);
    if (all.length < whole) {
      this.#needed = whole;
      return 0;
    }
    const bytes = waiting.withContents ? all.toString('latin1', end + 1, end + 1 + size) : '';
    waiting.resolve({ id: header[1] ?? '', type: header[2] ?? '', size, bytes });
    return whole;
  }

  #fail(reason: string): void {
    this.#failure ??= new GitFailure(ARGS, reason);
    clearTimeout(this.#alarm);
    this.#child.kill('SIGKILL');
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }

  #watch(): void {
    clearTimeout(this.#alarm);
    if (this.#waiting.length > 0) this.#alarm = setTimeout(() => this.#fail('no answer for a minute'), SILENT_MS);
  }
}
