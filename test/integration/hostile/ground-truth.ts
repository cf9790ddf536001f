import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const source = join(root, 'test', 'fixtures', 'hostile', 'hostile.c');

export interface Identity {
  pid: number;
  startTime: string;
}

/** Compiles the hostile programs, once for each version of their source; gives the path of the program. */
function compile(folder: string): string {
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = join(folder, `hostile-${version}`);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const fresh = `${program}.${process.pid}`;
    execFileSync('cc', ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread', '-o', fresh, source]);
    renameSync(fresh, program);
  }
  return program;
}

/**
 * Which processes one run of a hostile program has started, and which of them live: by the file in which each enters itself,
 * and by the private copy of the program that they run, which no cleared environment hides. Shares no code with what is tested.
 */
export class GroundTruth {
  readonly folder: string;
  readonly file: string;
  readonly program: string;

  constructor() {
    const folder = join(root, '.tmp', 'hostile');
    const compiled = compile(folder);
    this.folder = join(folder, randomBytes(6).toString('hex'));
    mkdirSync(this.folder);
    this.file = join(this.folder, 'processes');
    this.program = join(this.folder, 'hostile');
    writeFileSync(this.file, '');
    copyFileSync(compiled, this.program);
  }

  /** Everything that was ever started and had entered itself. */
  started(): Identity[] {
    const lines = new Set(readFileSync(this.file, 'utf8').split('\n').filter(Boolean));
    return [...lines].map((line) => {
      const [pid, startTime = ''] = line.split(' ');
      return { pid: Number(pid), startTime };
    });
  }

  /** What lives now. */
  alive(): Identity[] {
    const alive = this.started().filter(({ pid, startTime }) => startTimeOfLiving(pid) === startTime);
    const known = new Set(alive.map(({ pid }) => pid));
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || known.has(pid) || linkOf(pid) !== this.program) continue;
      const startTime = startTimeOfLiving(pid);
      if (startTime !== null) alive.push({ pid, startTime });
    }
    return alive;
  }

  /** What lives after everything that was on its way has had time to appear. */
  async aliveSoon(): Promise<Identity[]> {
    await new Promise((done) => setTimeout(done, 100));
    return this.alive();
  }

  /** Ends what is left, newest first, and removes the files. */
  async end(): Promise<void> {
    writeFileSync(`${this.file}.stop`, '');
    for (let pass = 0; pass < 200; pass += 1) {
      const alive = this.alive();
      if (alive.length === 0) break;
      for (const { pid, startTime } of alive.reverse()) {
        if (pid > 1 && startTimeOfLiving(pid) === startTime) killQuietly(pid);
      }
      await new Promise((done) => setTimeout(done, 10));
    }
    const left = this.alive();
    if (left.length > 0) throw new Error(`could not be ended: ${left.map(({ pid }) => pid).join(' ')}`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Field 22 of /proc/PID/stat, or null if no thread of the process runs any more. */
export function startTimeOfLiving(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const dead = fields[0] === 'Z' || fields[0] === 'X';
    // The first thread can end before the others.
    if (dead && readdirSync(`/proc/${pid}/task`).length <= 1) return null;
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

function linkOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}
