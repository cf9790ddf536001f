import type { KnownProcess, ProcessEntry, ProcessTable } from '../processes/process-table';
import { cookieName } from './environment';
import type { RunMarks } from './run-marks';

/** How hard to look: `tree` follows what is known, `all` also opens environments and descriptors. */
export type Depth = 'tree' | 'all';

/** The processes of one run: collected over time, because a process that left the tree can't be traced back later. */
export class Members {
  readonly #table: ProcessTable;
  readonly #marks: RunMarks;
  readonly #known = new Map<number, string>();

  constructor(table: ProcessTable, marks: RunMarks) {
    this.#table = table;
    this.#marks = marks;
    if (marks.leader !== null && marks.leader.startTime !== '')
      this.#known.set(marks.leader.pid, marks.leader.startTime);
  }

  /**
   * Those alive now, newest first, or undefined if the process table can't be read. Never holds: pid 0 and 1, this
   * process, its group and its ancestors, zombies, anything older than the run.
   */
  scan(depth: Depth): ProcessEntry[] | undefined {
    const entries = this.#table.list();
    if (entries === undefined) return undefined;
    const mine = ownPlace(entries);
    if (mine === undefined) return undefined;
    const eligible = entries.filter(
      (entry) => !entry.ended && entry.age >= this.#marks.notBefore && !mine.protects(entry),
    );
    const found = new Map<number, ProcessEntry>();
    for (const entry of eligible) {
      if (this.#known.get(entry.pid) === entry.startTime || (depth === 'all' && this.#isMarked(entry)))
        found.set(entry.pid, entry);
    }
    this.#spread(eligible, found, this.#leaderPlace(entries), mine);
    this.#remember(entries, found);
    return [...found.values()].sort((a, b) => b.age - a.age || b.pid - a.pid);
  }

  /** Whether any process seen so far is still there: a cheap look at those alone. */
  anyAlive(): boolean {
    return [...this.#known].some(([pid, startTime]) => isAlive(this.#table, { pid, startTime }));
  }

  /** The dead are forgotten: they don't come back, and a long run has thousands of them. */
  #remember(entries: readonly ProcessEntry[], found: ReadonlyMap<number, ProcessEntry>): void {
    const present = new Map(entries.map((entry) => [entry.pid, entry.startTime]));
    for (const [pid, startTime] of this.#known) if (present.get(pid) !== startTime) this.#known.delete(pid);
    for (const entry of found.values()) this.#known.set(entry.pid, entry.startTime);
  }

  #isMarked(entry: ProcessEntry): boolean {
    const { cookie, outputEnds } = this.#marks;
    if (cookie !== '' && this.#table.hasVariable(entry.pid, `${cookieName(cookie)}=1`)) return true;
    return this.#table.holdsAny(entry.pid, outputEnds);
  }

  /** The leader's number names a group and a session of the run until another process is seen to have got it. */
  #leaderPlace(entries: readonly ProcessEntry[]): number | undefined {
    const { leader, watched } = this.#marks;
    if (leader === null || !watched) return undefined;
    return entries.some((entry) => entry.pid === leader.pid && entry.startTime !== leader.startTime)
      ? undefined
      : leader.pid;
  }

  /**
   * Adds children, groups and sessions of what was found until nothing is added. A session is made by setsid alone, so
   * every session with a process of the run in it was made by the run.
   */
  #spread(
    eligible: readonly ProcessEntry[],
    found: Map<number, ProcessEntry>,
    leaderPlace: number | undefined,
    mine: OwnPlace,
  ): void {
    const groups = new Set<number>();
    const sessions = new Set<number>();
    if (leaderPlace !== undefined) {
      groups.add(leaderPlace);
      sessions.add(leaderPlace);
    }
    let size = -1;
    while (size !== found.size) {
      size = found.size;
      for (const entry of found.values()) {
        if (entry.session > 1 && entry.session !== mine.session) sessions.add(entry.session);
        if (entry.group > 1) groups.add(entry.group);
      }
      for (const entry of eligible) {
        if (found.has(entry.parent) || groups.has(entry.group) || sessions.has(entry.session))
          found.set(entry.pid, entry);
      }
    }
  }
}

interface OwnPlace {
  session: number;
  protects(entry: ProcessEntry): boolean;
}

/** What is never touched: ourselves, our group and all whose children we are. Undefined if we can't find ourselves. */
function ownPlace(entries: readonly ProcessEntry[]): OwnPlace | undefined {
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]));
  const me = byPid.get(process.pid);
  if (me === undefined) return undefined;
  const ancestors = new Set<number>();
  for (let at: ProcessEntry | undefined = me; at !== undefined && !ancestors.has(at.pid); at = byPid.get(at.parent))
    ancestors.add(at.pid);
  return {
    session: me.session,
    protects: (entry) => entry.pid <= 1 || ancestors.has(entry.pid) || entry.group === me.group,
  };
}

/** Whether this very process, not a later one with its number, still runs. */
export function isAlive(table: ProcessTable, known: KnownProcess): boolean {
  const entry = table.read(known.pid);
  return entry !== null && entry !== undefined && !entry.ended && entry.startTime === known.startTime;
}
