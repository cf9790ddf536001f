import { unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { livenessOf } from '../processes/own-identity';
import type { ProcessTable } from '../processes/process-table';
import type { HostRecord, ProcessIdentity } from '../protocol/methods';
import type { Generation, Generations } from './generations';

/** How often a lost race is run again; each loss means that somebody else won it. */
const MOST_ATTEMPTS = 20;

export type Election =
  | { elected: true; number: number }
  /** `alive`: another host serves. `unknown`: its owner is on another machine or in another container, so it can't be judged. */
  | { elected: false; owner: 'alive' | 'unknown'; number: number };

/**
 * Makes this process the repository's host if the newest one is provably dead or has marked itself stopped.
 * Sound without any lock: a number is taken once, and a process that took one below another's newer number steps back.
 */
export function elect(generations: Generations, record: HostRecord, table: ProcessTable): Election {
  const me = record.identity;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const highest = generations.list()[0];
    const owner = highest === undefined ? 'dead' : judge(highest, table, me);
    if (highest !== undefined && owner !== 'dead') return { elected: false, owner, number: highest.number };
    const number = (highest?.number ?? 0) + 1;
    if (!generations.claim(number, record)) continue;
    // Between the look and the claim others may have come and gone, and removed the numbers in between.
    const now = generations.list()[0];
    if (now?.number === number) return { elected: true, number };
    generations.remove(number);
  }
  return { elected: false, owner: 'unknown', number: generations.list()[0]?.number ?? 0 };
}

function judge(generation: Generation, table: ProcessTable, me: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (generation.stopped) return 'dead';
  // A record is made as a whole, so one that can't be read is damaged or of a version to come.
  return generation.record === null ? 'unknown' : livenessOf(table, me, generation.record.identity);
}

/** What the winner may clear away: records of dead hosts below its own, and the sockets that they left. */
export function removeDeadGenerations(
  generations: Generations,
  own: number,
  table: ProcessTable,
  me: ProcessIdentity,
): void {
  for (const { number, record } of generations.list()) {
    if (number >= own || record === null || livenessOf(table, me, record.identity) !== 'dead') continue;
    removeSocket(record.socket);
    generations.remove(number);
  }
}

function removeSocket(path: string): void {
  if (!basename(dirname(path)).startsWith('interlock-') || !/^[0-9a-f]{16}\.sock$/.test(basename(path))) return;
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not ours to remove: a socket that nobody listens on does no harm.
  }
}
