/** What the remote supervisor says, one line each: `\n@@NONCE TYPE FIELDS\n`; `data` is followed by its bytes. */
export type Frame =
  | { type: 'hello'; version: number; bootId: string }
  | { type: 'env'; state: 'ok' | 'permanent' | 'transient'; reason: string }
  | { type: 'started'; pid: number }
  | { type: 'exists' }
  | { type: 'attached'; offset: number }
  | { type: 'data'; offset: number; bytes: Buffer }
  | { type: 'tick'; offset: number }
  | { type: 'exit'; exit: RemoteExit }
  | { type: 'lost'; reason: LostReason }
  /** How many processes of the run could not be ended; null: not known. */
  | { type: 'killed'; survivors: number | null };

export const EXIT_REASONS = ['exit', 'timeout', 'lease', 'kill', 'output', 'not-started', 'busy'] as const;
export const LOST_REASONS = ['rebooted', 'supervisor', 'never-started', 'unknown'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];
export type LostReason = (typeof LOST_REASONS)[number];

/** How the run ended; null is what the host could not tell. */
export interface RemoteExit {
  code: number;
  reason: ExitReason;
  /** Processes that the host's kernel ended for want of memory during the run. */
  oomKills: number | null;
  /** Processes of the run that could not be ended. */
  survivors: number | null;
  /** Processes that were still there when the command itself had ended. */
  leaked: number | null;
  /** KiB, the lesser of the run directory's and the work directory's file system. */
  freeBefore: number | null;
  freeAfter: number | null;
  /** Bytes that the log has: whoever has fewer has not read all of it. */
  logBytes: number;
}

type Fields = readonly string[];

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
const countOrUnknown = (text: string | undefined): number | null | undefined => (text === '-' ? null : count(text));
const oneOf = <T extends string>(known: readonly T[], text: string | undefined): T | undefined =>
  known.find((name) => name === text);

/** One frame's line without marker and line feed, or undefined if it is not exactly one of ours. */
export function readHeader(line: string): Frame | { type: 'data'; offset: number; length: number } | undefined {
  const [type, ...fields] = line.split(' ');
  return readers[type as keyof typeof readers]?.(fields);
}

const readers = {
  __proto__: null as never,
  hello([version, bootId, ...rest]: Fields): Frame | undefined {
    const number = count(version);
    if (number === undefined || bootId === undefined || !/^[\w-]{1,64}$/.test(bootId) || rest.length > 0) return;
    return { type: 'hello', version: number, bootId };
  },
  env([state, reason, ...rest]: Fields): Frame | undefined {
    const known = oneOf(['ok', 'permanent', 'transient'] as const, state);
    if (known === undefined || reason === undefined || !/^[a-z-]{1,40}$/.test(reason) || rest.length > 0) return;
    return { type: 'env', state: known, reason };
  },
  started([pid, ...rest]: Fields): Frame | undefined {
    const number = count(pid);
    return number === undefined || rest.length > 0 ? undefined : { type: 'started', pid: number };
  },
  exists(rest: Fields): Frame | undefined {
    return rest.length > 0 ? undefined : { type: 'exists' };
  },
  attached([offset, ...rest]: Fields): Frame | undefined {
    const number = count(offset);
    return number === undefined || rest.length > 0 ? undefined : { type: 'attached', offset: number };
  },
  data([offset, length, ...rest]: Fields): { type: 'data'; offset: number; length: number } | undefined {
    const [from, bytes] = [count(offset), count(length)];
    if (from === undefined || bytes === undefined || rest.length > 0) return;
    return { type: 'data', offset: from, length: bytes };
  },
  tick([offset, ...rest]: Fields): Frame | undefined {
    const number = count(offset);
    return number === undefined || rest.length > 0 ? undefined : { type: 'tick', offset: number };
  },
  exit(fields: Fields): Frame | undefined {
    const code = count(fields[0]);
    const reason = oneOf(EXIT_REASONS, fields[1]);
    const [oomKills, survivors, leaked, freeBefore, freeAfter] = fields.slice(2, 7).map(countOrUnknown);
    const logBytes = count(fields[7]);
    if (fields.length !== 8 || code === undefined || code > 255 || reason === undefined) return;
    if (oomKills === undefined || survivors === undefined || leaked === undefined) return;
    if (freeBefore === undefined || freeAfter === undefined || logBytes === undefined) return;
    return { type: 'exit', exit: { code, reason, oomKills, survivors, leaked, freeBefore, freeAfter, logBytes } };
  },
  lost([reason, ...rest]: Fields): Frame | undefined {
    const known = oneOf(LOST_REASONS, reason);
    return known === undefined || rest.length > 0 ? undefined : { type: 'lost', reason: known };
  },
  killed([survivors, ...rest]: Fields): Frame | undefined {
    const number = countOrUnknown(survivors);
    return number === undefined || rest.length > 0 ? undefined : { type: 'killed', survivors: number };
  },
};
