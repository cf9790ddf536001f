import { answered, change, finish, outcomeIn, readTail, reopen } from './change';
import type { Step } from './explorer';
import {
  addGroups,
  append,
  dropped,
  flushed,
  NEWLINE,
  readLines,
  tear,
  type Group,
  type Journal,
  type Tx,
} from './journal';
import { formTransactions, looksFirst } from './operations';
import { holdsIn, replay, valueOf } from './replay';
import { nameOf, type Operation, type Rules, type Scenario, type State, type Writer } from './state';

/** What one process may do next by the protocol. */
export function* stepsOf(state: State, index: number, { scripts, rules }: Scenario): Generator<Step<State>> {
  const writer = state.writers[index];
  const operation = scripts[index]?.[writer?.at ?? 0];
  if (!writer || !operation) return;
  const step = (name: string, next: State): Step<State> => ({ name: `${nameOf(index)} ${name}`, state: next });
  const free = state.writers.every(({ phase }) => phase !== 'writing');
  switch (writer.phase) {
    case 'idle':
      yield step(`begins '${operation}' and reads the tail (1)`, begin(state, index, writer, operation, rules));
      return;
    case 'tail read': {
      const checked = check(state, index, writer, operation, rules);
      if (checked.tx.length === 0) yield step('has lost already (2)', checked.state);
      else if (free) {
        for (const [part, next] of write(checked.state, index, checked.tx, rules)) {
          yield step(part === '' ? 'appends its line (2, 3)' : `appends (2, 3): '${part}' can be read`, next);
        }
      }
      return;
    }
    case 'writing': {
      const journal = append(state.journal, writer.rest);
      yield step('has appended the rest', change(state, index, { phase: 'written', rest: '' }, { journal }));
      if (state.left.shortWrites === 0) return;
      const left = { ...state.left, shortWrites: state.left.shortWrites - 1 };
      const torn = tear(state.journal);
      yield step('gets a short write', change(state, index, { phase: 'cut short' }, { left, journal: torn }));
      return;
    }
    case 'cut short': {
      if (!rules.endTornLine) yield step('leaves the torn line', change(state, index, { phase: 'poisoned' }));
      if (!rules.endTornLine || !free) return;
      const journal = append(state.journal, NEWLINE);
      yield step('ends the torn line', change(state, index, { phase: 'poisoned' }, { journal }));
      const answer = writer.rest === NEWLINE ? 'unsure' : 'surely not';
      yield step(
        'cannot end the torn line: disk full',
        finish(state, index, operation, () => answer),
      );
      return;
    }
    case 'written':
      yield* flush(state, index, writer, rules).map(([name, next]) => step(name, next));
      return;
    case 'flushed':
      yield step('reads through its line and answers (5, 6)', answer(state, index, writer, operation, rules));
      return;
    case 'poisoned':
      yield step('reopens, looks up and answers', lookUp(state, index, writer, operation, rules));
      return;
    case 'checked': {
      const { rows } = replay(state.journal, readLines(state.journal.bytes).lines, rules.recheck);
      const late = valueOf(rows, 'lease') === writer.token ? [] : [writer.token];
      const lateActs = [...state.lateActs, ...late];
      yield step('acts', change(state, index, { phase: 'idle', at: writer.at + 1 }, { lateActs }));
      return;
    }
    case 'read-only':
    case 'dead':
      return;
  }
}

/** The caller forms what it asks for; the tail is read for it. */
function begin(state: State, index: number, writer: Writer, operation: Operation, rules: Rules): State {
  const { damaged, ...read } = readTail(state.journal, rules);
  if (damaged) return change(state, index, { ...read, phase: 'read-only' });
  const skip = change(state, index, { ...read, at: writer.at + 1 });
  if (operation === 'look') return skip;
  const { rows } = replay(state.journal, read.lines, rules.recheck);
  if (operation === 'act') {
    const mine = writer.token !== '' && (!rules.fencing || valueOf(rows, 'lease') === writer.token);
    return mine ? change(state, index, { ...read, phase: 'checked' }) : skip;
  }
  const tx = formTransactions(state, index, operation, looksFirst(operation) ? read.lines : writer.lines, rules);
  return tx.length === 0 ? skip : change(state, index, { ...read, phase: 'tail read', tx });
}

/** Step 2: those that have lost in the view are told so, the others are to be written. */
function check(state: State, index: number, writer: Writer, operation: Operation, rules: Rules) {
  const { rows } = replay(state.journal, writer.lines, rules.recheck);
  const tx = writer.tx.filter(({ pre }) => holdsIn(rows, pre));
  if (tx.length === 0) return { tx, state: finish(state, index, operation, () => 'lost') };
  const lost = writer.tx.filter((other) => !tx.includes(other)).map((other) => [other, 'lost'] as const);
  return { tx, state: change(state, index, { tx }, { answers: answered(state, lost) }) };
}

/** Step 3: every part of the line that others may see before the rest is there; '' = they see it whole. */
function* write(state: State, index: number, tx: readonly Tx[], rules: Rules): Generator<[part: string, State]> {
  const writer = state.writers[index];
  if (!writer) return;
  const reach = rules.attestFlushed ? Math.min(writer.flushed, writer.end) : writer.end;
  const attests = attested(state.journal, reach);
  const lines: readonly (readonly Tx[])[] = rules.oneLine ? [tx] : tx.flatMap(halves);
  const { journal, letters } = addGroups(
    state.journal,
    lines.map((part): Group => ({ tx: part, attests })),
  );
  const text = lineText(letters, rules);
  for (let length = 1; length < text.length; length++) {
    const part = text.slice(0, length);
    if (part === NEWLINE) continue; // reads as nothing at all
    const rest = text.slice(length);
    yield [part, change(state, index, { phase: 'writing', own: letters, rest }, { journal: append(journal, part) })];
  }
  yield ['', change(state, index, { phase: 'written', own: letters }, { journal: append(journal, text) })];
}

function lineText(letters: string, { leadingNewline }: Rules): string {
  const before = leadingNewline ? NEWLINE : '';
  return [...letters].map((letter) => `${before}${letter}${letter.toUpperCase()}${NEWLINE}`).join('');
}

/** The last whole line within reach. What is on disk can never be contradicted, so that which bytes of it were named is left out. */
function attested({ bytes, safety }: Journal, reach: number): string {
  const { end } = readLines(bytes.slice(0, reach));
  return /[^d]/.test(safety.slice(0, end)) ? bytes.slice(0, end) : '';
}

/** A transaction over two lines, the second going on from the first: a mistake that the model can make. */
function halves(tx: Tx): (readonly Tx[])[] {
  const [first, ...others] = tx.put;
  if (!first || others.length === 0) return [[tx]];
  return [[{ ...tx, put: [first] }], [{ ...tx, pre: [first], put: others }]];
}

/** Step 4. */
function flush(state: State, index: number, writer: Writer, rules: Rules): [name: string, State][] {
  const { journal, left } = state;
  const reach = { flushed: journal.bytes.length };
  const failed = { phase: 'poisoned', doubt: true, flushWillFail: false } as const;
  if (!rules.flushBeforeAnswer) return [['does not flush', change(state, index, { phase: 'flushed', ...reach })]];
  if (writer.flushWillFail) return [['is told that a flush failed', change(state, index, failed)]];
  const next: [string, State][] = [
    ['flushes (4)', change(state, index, { phase: 'flushed', ...reach }, { journal: flushed(journal) })],
  ];
  if (left.failedFlushes > 0) {
    const writers = state.writers.map((other) => (other.phase === 'dead' ? other : { ...other, flushWillFail: true }));
    const writing = state.writers.find(({ phase }) => phase === 'writing');
    const open = writing ? lineText(writing.own, rules).length - writing.rest.length : 0;
    const after = {
      writers,
      journal: dropped(journal, open),
      left: { ...left, failedFlushes: left.failedFlushes - 1 },
    };
    next.push(['fails to flush', change({ ...state, ...after }, index, failed)]);
  }
  return next;
}

/** Steps 5 and 6. */
function answer(state: State, index: number, { own }: Writer, operation: Operation, rules: Rules): State {
  const { damaged, ...read } = readTail(state.journal, rules);
  if (damaged) return finish(state, index, operation, () => 'unsure', { ...read, phase: 'read-only' });
  if ([...own].some((letter) => !read.lines.includes(letter)))
    return finish(state, index, operation, () => 'lost line', read);
  const answerOf = (tx: Tx) => (rules.readBack ? (outcomeIn(state, read.lines, tx, rules) ?? 'lost line') : 'won');
  return finish(state, index, operation, answerOf, read);
}

function lookUp(state: State, index: number, { doubt }: Writer, operation: Operation, rules: Rules): State {
  const { journal, writer } = reopen(state.journal, rules);
  const opened = { ...state, journal };
  if (writer.phase === 'read-only') return finish(opened, index, operation, () => 'unsure', writer);
  const unsure = doubt && rules.doubtFailedFlush;
  const answerOf = (tx: Tx) => (unsure ? 'unsure' : (outcomeIn(opened, writer.lines ?? '', tx, rules) ?? 'surely not'));
  return finish(opened, index, operation, answerOf, writer);
}
