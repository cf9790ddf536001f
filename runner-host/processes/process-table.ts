/** One process as the table gave it at one moment. Numbers are the system's own; `session` is 0 where it can't be told. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** With boot id and pid what tells a process from a later one with the same pid. */
  startTime: string;
  /** Comparable form of `startTime`: a process with a smaller one is older. */
  age: number;
  /** Dead and waiting for its parent: it holds a number, nothing else. */
  ended: boolean;
}

/**
 * What the machine tells of its processes. Every call looks anew, synchronously: a kill must follow its check at once,
 * with no other code between them.
 */
export interface ProcessTable {
  /** null: no such process. undefined: could not look. */
  read(pid: number): ProcessEntry | null | undefined;
  /** Every process that is visible, or undefined if the table can't be read. */
  list(): ProcessEntry[] | undefined;
  /** `age` of a process that started then. */
  ageOf(startTime: string): number;
  /** Whether the process was started with this `NAME=value` in its environment; false also where that can't be seen. */
  hasVariable(pid: number, assignment: string): boolean;
  /** Names of the pipes and sockets that descriptors 1 and 2 lead to. */
  outputEnds(pid: number): string[];
  /** Whether any descriptor of the process leads to one of these. */
  holdsAny(pid: number, ends: ReadonlySet<string>): boolean;
  /** The command line for people, at most 200 characters. */
  describe(pid: number): string;
}

/** A process told apart from others that have had or will have its pid, within one boot. */
export interface KnownProcess {
  pid: number;
  startTime: string;
}
