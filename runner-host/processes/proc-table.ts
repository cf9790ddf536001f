import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessEntry, ProcessTable } from './process-table';

/**
 * One line of `/proc/PID/stat` (proc(5)). The command name in field 2 may hold spaces and parentheses, so counting starts
 * at the last `)`. Null if the line is not whole.
 */
export function parseStat(pid: number, line: string): ProcessEntry | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const startTime = fields[19];
  if (
    state === undefined ||
    parent === undefined ||
    group === undefined ||
    session === undefined ||
    startTime === undefined
  ) {
    return null;
  }
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime,
    age: Number(startTime),
    // A process whose first thread has ended is a zombie by its letter, while its other threads run on.
    ended: (state === 'Z' && Number(fields[17]) <= 1) || state === 'X' || state === 'x',
  };
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function isGone(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ESRCH';
}

/** Linux: everything from `/proc`, whose root is an argument for tests. */
export class ProcTable implements ProcessTable {
  readonly #root: string;

  constructor(root = '/proc') {
    this.#root = root;
  }

  read(pid: number): ProcessEntry | null | undefined {
    try {
      return parseStat(pid, readFileSync(`${this.#root}/${pid}/stat`, 'latin1')) ?? undefined;
    } catch (error) {
      return isGone(error) && !signalReaches(pid) ? null : undefined;
    }
  }

  list(): ProcessEntry[] | undefined {
    let names: string[];
    try {
      names = readdirSync(this.#root);
    } catch {
      return undefined;
    }
    const entries: ProcessEntry[] = [];
    for (const name of names) {
      const first = name.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      const entry = this.read(Number(name));
      if (entry) entries.push(entry);
    }
    // Our own process is always there: an empty table is a folder that is not a process table.
    return entries.length === 0 ? undefined : entries;
  }

  ageOf(startTime: string): number {
    return Number(startTime);
  }

  hasVariable(pid: number, assignment: string): boolean {
    try {
      const environment = readFileSync(`${this.#root}/${pid}/environ`);
      const wanted = Buffer.from(`\0${assignment}\0`);
      return Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]).includes(wanted);
    } catch {
      return false;
    }
  }

  outputEnds(pid: number): string[] {
    return [1, 2].map((fd) => this.#target(pid, String(fd))).filter((target) => /^(pipe|socket):\[/.test(target));
  }

  holdsAny(pid: number, ends: ReadonlySet<string>): boolean {
    if (ends.size === 0) return false;
    let descriptors: string[];
    try {
      descriptors = readdirSync(`${this.#root}/${pid}/fd`);
    } catch {
      return false;
    }
    return descriptors.some((fd) => ends.has(this.#target(pid, fd)));
  }

  describe(pid: number): string {
    try {
      const line = readFileSync(`${this.#root}/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (line !== '') return line.slice(0, 200);
      return `[${readFileSync(`${this.#root}/${pid}/comm`, 'utf8').trim()}]`;
    } catch {
      return '';
    }
  }

  #target(pid: number, fd: string): string {
    try {
      return readlinkSync(`${this.#root}/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  }
}

/** Where processes of other users are hidden (hidepid), a missing entry alone proves nothing. */
function signalReaches(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
