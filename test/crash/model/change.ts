import { flushed, isDamaged, readLines, type Journal, type Tx } from './journal';
import { tokenAfter } from './operations';
import { replay } from './replay';
import type { Answer, Operation, Scenario, State, Writer } from './state';

/** The state with one process changed, and whatever else is given. */
export function change(state: State, index: number, writer: Partial<Writer>, more: Partial<State> = {}): State {
  const writers = state.writers.map((old, at) => (at === index ? { ...old, ...writer } : old));
  return { ...state, ...more, writers };
}

/** What a process has read after it read to the end; it stops for good at damage. */
export function readTail(
  journal: Journal,
  rules: Scenario['rules'],
): Pick<Writer, 'lines' | 'end'> & { damaged: boolean } {
  const { lines, end } = readLines(journal.bytes, !rules.waitForNewline);
  return { lines, end, damaged: isDamaged(journal, lines) };
}

/** Opens the journal anew: a fresh descriptor, everything read, and all that was read flushed before anything is written. */
export function reopen(journal: Journal, rules: Scenario['rules']): { journal: Journal; writer: Partial<Writer> } {
  const { lines, end, damaged } = readTail(journal, rules);
  const writer = { lines, end, flushed: journal.bytes.length, flushWillFail: false };
  return {
    journal: damaged ? journal : flushed(journal),
    writer: damaged ? { ...writer, phase: 'read-only' } : writer,
  };
}

/** Tells callers what became of their transactions. */
export function answered(state: State, given: readonly (readonly [tx: Tx, answer: Answer])[]): State['answers'] {
  if (given.length === 0) return state.answers;
  const more = given.map(([tx, answer]) => [tx.id, answer, tx.pre.join()] as const);
  return [...state.answers, ...more].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Ends the present operation with an answer for every transaction that has none yet; the first one's is the operation's. */
export function finish(
  state: State,
  index: number,
  operation: Operation,
  answerOf: (tx: Tx) => Answer,
  more: Partial<Writer> = {},
): State {
  const writer = state.writers[index];
  if (!writer) return state;
  const given = writer.tx.map((tx) => [tx, answerOf(tx)] as const);
  const [first] = given;
  const token = first && !first[0].id.endsWith('+') ? tokenAfter(writer, index, operation, first[1]) : writer.token;
  const ended = { phase: 'idle', at: writer.at + 1, tx: [], own: '', rest: '', doubt: false, token } as const;
  return change(state, index, { ...ended, ...more }, { answers: answered(state, given) });
}

/** What the place in the file decided, for a process that has read `lines`; undefined = it is not there. */
export function outcomeIn(state: State, lines: string, tx: Tx, rules: Scenario['rules']): 'won' | 'lost' | undefined {
  return replay(state.journal, lines, rules.recheck).outcomes.get(tx.id);
}
