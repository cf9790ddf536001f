import type { ProcessIdentity } from './methods';

/** `unknown`: another machine, another pid namespace or an unreadable process table. Never treated as dead. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * Judges whether the owner of a lease or a host record still lives.
 * @param me the process that asks
 * @param startTime what the process table gives now for `owner.pid`; null = no such process; undefined = could not look
 */
export function judgeLiveness(
  me: ProcessIdentity,
  owner: ProcessIdentity,
  startTime: string | null | undefined,
): Liveness {
  if (owner.host !== me.host) return 'unknown';
  if (owner.bootId !== me.bootId) return 'dead';
  if (owner.pidNamespace !== me.pidNamespace) return 'unknown';
  if (startTime === undefined) return 'unknown';
  return startTime === owner.startTime ? 'alive' : 'dead';
}

/**
 * Field 22 of `/proc/PID/stat` (proc(5)): start time in clock ticks since boot, or null for a zombie or an unreadable line.
 * The command name in field 2 may hold spaces and parentheses, so counting starts at the last `)`.
 */
export function startTimeFromStat(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === undefined || state === 'Z' || state === 'X') return null;
  return fields[19] ?? null;
}
