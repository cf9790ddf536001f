import { describe, expect, it } from 'vitest';
import { commitModel } from './commit-model';
import { describeViolation, explore } from './explorer';
import { NOISE, readLines } from './journal';
import { replay } from './replay';
import { LONG_SCENARIOS, scenario, SCENARIOS } from './scenarios';
import type { Mishaps, Operation, Rules, State } from './state';

/** Far above what is there: more means that a scenario grew and is not explored to its end. */
const MOST_STATES = 1_000_000;

const long = process.env['INTERLOCK_CRASH'] === 'long';
const scenarios = Object.entries({ ...SCENARIOS, ...(long ? LONG_SCENARIOS : {}) });

describe('the protocol holds in every state that can be reached', () => {
  it.each(scenarios)('%s', (_, given) => {
    const { violation, states } = explore(commitModel(given), MOST_STATES);
    expect(violation === null ? '' : describeViolation(violation)).toBe('');
    expect(states).toBeGreaterThan(1000);
  });
});

const TWO: readonly (readonly Operation[])[] = [['advance'], ['advance']];
const MUTANTS: readonly {
  without: keyof Rules;
  breaks: string;
  scripts: readonly (readonly Operation[])[];
  mishaps?: Partial<Mishaps>;
}[] = [
  { without: 'recheck', breaks: 'one winner', scripts: TWO },
  { without: 'leadingNewline', breaks: "a crash is nobody else's", scripts: TWO, mishaps: { crashes: 1 } },
  { without: 'flushBeforeAnswer', breaks: 'acknowledged is kept', scripts: TWO, mishaps: { powerCuts: 1 } },
  { without: 'fencing', breaks: 'fencing', scripts: [['take', 'advance leased'], ['take away']] },
  { without: 'readBack', breaks: 'acknowledged is kept', scripts: TWO },
  { without: 'oneLine', breaks: 'nothing is half applied', scripts: TWO, mishaps: { crashes: 1 } },
  { without: 'waitForNewline', breaks: 'readers agree', scripts: [['advance'], ['look']] },
  { without: 'endTornLine', breaks: 'no means no', scripts: TWO, mishaps: { shortWrites: 1 } },
  {
    without: 'attestFlushed',
    breaks: 'a crash or power cut is never taken for damage',
    scripts: TWO,
    mishaps: { powerCuts: 1 },
  },
  {
    without: 'doubtFailedFlush',
    breaks: 'acknowledged is kept',
    scripts: TWO,
    mishaps: { powerCuts: 1, failedFlushes: 1 },
  },
  { without: 'judgeOwner', breaks: 'nobody acts late', scripts: [['take', 'act'], ['take']] },
  { without: 'breakByToken', breaks: 'one owner', scripts: [['take'], ['take']] },
];

describe('each rule of the protocol is needed', () => {
  it.each(MUTANTS)('without $without: $breaks', ({ without, breaks, scripts, mishaps }) => {
    expect(explore(commitModel(scenario(scripts, mishaps)), MOST_STATES).violation).toBeNull();
    const { violation } = explore(commitModel(scenario(scripts, mishaps, { [without]: false })), MOST_STATES);
    expect(violation?.invariant).toBe(breaks);
    expect(violation?.trace.length).toBeGreaterThan(1);
  });

  it('and there is a mutant for every rule', () => {
    expect(MUTANTS.map(({ without }) => without).sort()).toEqual(Object.keys(scenario([]).rules).sort());
  });
});

/** Whether some state of a scenario has this property; the model would prove nothing about what it never reaches. */
function reaches(
  scripts: readonly (readonly Operation[])[],
  mishaps: Partial<Mishaps>,
  found: (state: State) => boolean,
): boolean {
  const model = commitModel(scenario(scripts, mishaps));
  const never = { name: 'never', broken: (state: State) => (found(state) ? 'found' : null) };
  return explore({ ...model, invariants: [never] }, MOST_STATES).violation !== null;
}
const linesOf = ({ journal }: State): string => readLines(journal.bytes).lines;
const answerOf = ({ answers }: State, id: string): string | undefined => answers.find(([tx]) => tx === id)?.[1];

describe('the model reaches what it is there for', () => {
  it('a line that lost the race for its place in the file', () => {
    const found = (state: State) =>
      linesOf(state).length === 2 && replay(state.journal, linesOf(state), true).applied.length === 1;
    expect(reaches(TWO, {}, found)).toBe(true);
  });

  it('a torn line between two whole ones', () => {
    const found = (state: State) => /[a-z]\.[a-z]/.test(linesOf(state));
    expect(reaches([['advance'], ['advance'], ['advance']], { crashes: 1 }, found)).toBe(true);
  });

  it("a dead writer's line without its newline, made whole by the next writer", () => {
    const found = (state: State) =>
      state.writers[0]?.phase === 'dead' && state.writers[1]?.phase === 'written' && linesOf(state) === 'ab';
    expect(reaches(TWO, { crashes: 1 }, found)).toBe(true);
  });

  it('a power cut that loses a line and keeps a later one', () => {
    const found = (state: State) => state.left.powerCuts === 0 && linesOf(state) === `${NOISE}b`;
    expect(reaches(TWO, { powerCuts: 1 }, found)).toBe(true);
  });

  it('a lease that was taken over from a dead owner', () => {
    const found = (state: State) => answerOf(state, 'P0.0') === 'won' && answerOf(state, 'Q0.0') === 'won';
    expect(reaches([['take'], ['take']], { crashes: 1 }, found)).toBe(true);
    expect(reaches([['take'], ['take']], {}, found)).toBe(false);
  });

  it('loud damage where a disk did not keep what it had flushed', () => {
    const acknowledged = (state: State) => state.answers.filter(([, answer]) => answer === 'won').length;
    const applied = (state: State) => replay(state.journal, linesOf(state), true).applied.length;
    const found = (state: State) => state.left.powerCuts === 0 && acknowledged(state) > applied(state);
    const scripts: readonly (readonly Operation[])[] = [['advance', 'advance'], ['advance']];
    expect(reaches(scripts, { failedFlushes: 1, powerCuts: 1 }, found)).toBe(true);
  });
});

describe('what the protocol cannot do', () => {
  it('only a person can make an owner act late: by taking the lease away between the check and the act', () => {
    const { violation } = explore(commitModel(scenario([['take', 'act'], ['take away']])), MOST_STATES);
    expect(violation?.invariant).toBe('nobody acts late');
    const trace = violation?.trace ?? [];
    const check = trace.findIndex((step) => step.startsWith("P begins 'act'"));
    const taken = trace.findIndex((step) => step.startsWith('Q appends its line'));
    expect(check).toBeGreaterThan(0);
    expect(taken).toBeGreaterThan(check);
    expect(trace.at(-1)).toBe('P acts');
  });
});
