import { spawnSync } from 'node:child_process';
import type { ProcessEntry, ProcessTable } from './process-table';

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=';

/**
 * One line of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. The start time has whole seconds.
 * Sessions are left out: `ps` on macOS gives an address that is always 0.
 */
export function parsePsLine(line: string): ProcessEntry | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
  const [, pid, parent, group, state, startTime] = match ?? [];
  if (
    pid === undefined ||
    parent === undefined ||
    group === undefined ||
    state === undefined ||
    startTime === undefined
  )
    return null;
  const age = Date.parse(startTime);
  if (Number.isNaN(age)) return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    session: 0,
    startTime,
    age,
    ended: state.startsWith('Z'),
  };
}

/**
 * POSIX systems without `/proc` (macOS): one `ps` a look. Environments and open pipes of others can't be seen there,
 * so a daemon that left the tree between two looks is missed; the result says `sweep`, never `clean`.
 */
export class PsTable implements ProcessTable {
  read(pid: number): ProcessEntry | null | undefined {
    const run = this.#ps(['-p', String(pid), '-o', COLUMNS]);
    if (run === undefined) return undefined;
    // ps ends with 1 and prints nothing when there is no such process.
    return parsePsLine(run) ?? null;
  }

  list(): ProcessEntry[] | undefined {
    const entries = this.#ps(['-A', '-o', COLUMNS])
      ?.split('\n')
      .map(parsePsLine)
      .filter((entry) => entry !== null);
    return entries === undefined || entries.length === 0 ? undefined : entries;
  }

  ageOf(startTime: string): number {
    return Date.parse(startTime);
  }

  hasVariable(): boolean {
    return false;
  }

  outputEnds(): string[] {
    return [];
  }

  holdsAny(): boolean {
    return false;
  }

  describe(pid: number): string {
    return (this.#ps(['-p', String(pid), '-o', 'command=']) ?? '').trim().slice(0, 200);
  }

  #ps(args: string[]): string | undefined {
    const run = spawnSync('ps', args, { encoding: 'utf8', timeout: 5000, env: { ...process.env, LC_ALL: 'C' } });
    if (run.error !== undefined || run.status === null || run.status > 1) return undefined;
    return run.stdout;
  }
}
