import type { Journal, Tx } from './journal';

/** What the protocol does. Each one set to false is a protocol that somebody could have written instead. */
export const PROTOCOL = {
  /** A line begins with a newline, which ends what a dead writer may have left. */
  leadingNewline: true,
  /** A group of transactions, and all rows of each, are one line. */
  oneLine: true,
  /** Whoever reads a line applies a transaction only if its preconditions hold at its place. */
  recheck: true,
  /** The line is flushed before its writer answers. */
  flushBeforeAnswer: true,
  /** The writer answers with what the place in the file decided, not with what it saw before it wrote. */
  readBack: true,
  /** What stands behind the last newline is not read yet. */
  waitForNewline: true,
  /** A write that was cut short is ended by a newline before the writer looks its transactions up. */
  endTornLine: true,
  /** A line attests only bytes that its writer has flushed, not all that it has read. */
  attestFlushed: true,
  /** After a failed flush nothing that can be read counts as kept. */
  doubtFailedFlush: true,
  /** A lease is taken over only from an owner who is dead. */
  judgeOwner: true,
  /** Taking a lease over names the token that was judged. */
  breakByToken: true,
  /** What is written under a lease names its token. */
  fencing: true,
};
export type Rules = Readonly<typeof PROTOCOL>;

/**
 * What a caller asks for, one after the other. `advance`: the next revision of the hot row. `advance two`: the same in one
 * group with a transaction on a row of its own. `advance leased`: under the lease. `act`: a step outside the ledger that
 * cannot be undone. `take away`: a person removes whatever lease there is.
 */
export type Operation =
  'advance' | 'advance two' | 'take' | 'renew' | 'advance leased' | 'act' | 'release' | 'take away' | 'look';

export interface Scenario {
  readonly scripts: readonly (readonly Operation[])[];
  /** How often each of these may happen in one history. */
  readonly mishaps: Mishaps;
  readonly rules: Rules;
}

export interface Mishaps {
  /** A process is killed. */
  readonly crashes: number;
  /** A dead process starts again, from the first operation of its script. */
  readonly restarts: number;
  /** All processes die and what was not flushed is lost or spoilt. */
  readonly powerCuts: number;
  /** write(2) takes a part only, because the disk is full; the newline that is to end it may fail too. */
  readonly shortWrites: number;
  /** fdatasync fails: what it was to flush can be read but never reaches the disk. */
  readonly failedFlushes: number;
}

export type Phase =
  /** Between two operations. */
  | 'idle'
  /** Step 1 is done: the tail is read. */
  | 'tail read'
  /** In write(2): others see a part of the line and cannot append. */
  | 'writing'
  /** write(2) took a part only. */
  | 'cut short'
  /** Step 3 is done: the line stands in the file. */
  | 'written'
  /** Step 4 is done. */
  | 'flushed'
  /** Nothing that the descriptor said is believed: reopen and look up. */
  | 'poisoned'
  /** Found its token in the ledger, about to act. */
  | 'checked'
  | 'read-only'
  | 'dead';

export interface Writer {
  readonly phase: Phase;
  /** How often it was started before. */
  readonly life: number;
  /** The index of its next or present operation. */
  readonly at: number;
  /** What it has read: the lines, and the byte behind them. */
  readonly lines: string;
  readonly end: number;
  /** The transactions of the present operation that are not answered. */
  readonly tx: readonly Tx[];
  /** Its lines in flight, and of a line that is being written what is still missing. */
  readonly own: string;
  readonly rest: string;
  /** Bytes up to here were flushed by this process. */
  readonly flushed: number;
  /** Its descriptor was open when a flush failed: the next flush reports it. */
  readonly flushWillFail: boolean;
  /** A flush of the present operation failed. */
  readonly doubt: boolean;
  /** The lease it believes to hold; '' = none. */
  readonly token: string;
}

/** `unsure`: told that it cannot be known. `lost line`: its own calls all went well and yet the line is not there. */
export type Answer = 'won' | 'lost' | 'surely not' | 'unsure' | 'lost line';

export interface State {
  readonly journal: Journal;
  readonly writers: readonly Writer[];
  readonly left: Mishaps;
  /** Ghost: what callers were told, sorted by transaction. */
  readonly answers: readonly (readonly [tx: string, answer: Answer, pre: string])[];
  /** Ghost: acts whose token was not that of the lease any more. */
  readonly lateActs: readonly string[];
}

export const STARTED: Writer = {
  phase: 'idle',
  life: 0,
  at: 0,
  lines: '',
  end: 0,
  tx: [],
  own: '',
  rest: '',
  flushed: 0,
  flushWillFail: false,
  doubt: false,
  token: '',
};

/** P, Q, R: the first letters are taken by the lines. */
export const nameOf = (writer: number): string => String.fromCharCode(FIRST_NAME + writer);
const FIRST_NAME = 80;

/** A token names the process that took the lease, as the owner columns of a lease row do. */
export const tokenOf = (index: number, { life, at }: Writer): string => `${nameOf(index)}${life}.${at}`;

/** Whether the process that took a lease with this token still runs. */
export function ownerLives({ writers }: State, token: string): boolean {
  const owner = writers[token.charCodeAt(0) - FIRST_NAME];
  return owner !== undefined && owner.phase !== 'dead' && token.startsWith(`${token[0]}${owner.life}.`);
}
