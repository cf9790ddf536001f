import type { Invariant } from './explorer';
import { isDamaged, readLines } from './journal';
import { replay, valueOf, type Replay } from './replay';
import { nameOf, type Scenario, type State } from './state';

/** What the file says, for a reader who comes now. */
interface Truth extends Replay {
  readonly lines: string;
  readonly damaged: boolean;
}

/** The invariants of `commit-model.ts`, in its order and words. */
export function invariantsOf({ rules, scripts, mishaps }: Scenario): readonly Invariant<State>[] {
  let last: { state: State; truth: Truth } | undefined;
  const truthOf = (state: State): Truth => {
    if (last?.state !== state) {
      const { lines } = readLines(state.journal.bytes);
      const damaged = isDamaged(state.journal, lines);
      last = { state, truth: { ...replay(state.journal, lines, rules.recheck), lines, damaged } };
    }
    return last.truth;
  };
  const personTakesAway = scripts.some((script) => script.includes('take away'));
  const appliedIds = (truth: Truth) => new Set(truth.applied.map(({ tx }) => tx.id));

  const invariants: (Invariant<State> & { unless?: boolean })[] = [
    {
      name: 'acknowledged is kept',
      broken(state) {
        const truth = truthOf(state);
        // Where a disk has broken its word about a flush, loud damage is the most that anybody can promise.
        if (truth.damaged && mishaps.failedFlushes > 0) return null;
        const applied = appliedIds(truth);
        const lost = state.answers.find(([tx, answer]) => answer === 'won' && !applied.has(tx));
        return lost ? `${lost[0]} was told that it won and is not applied` : null;
      },
    },
    {
      name: 'one winner',
      broken(state) {
        const made = truthOf(state).applied.flatMap(({ tx }) => tx.put.filter(([row]) => row === 'hot').map(String));
        const told = state.answers.filter(([, answer, pre]) => answer === 'won' && pre.startsWith('hot,'));
        const twice = firstDouble(made) ?? firstDouble(told.map(([, , pre]) => pre.split(',lease,')[0] ?? ''));
        return twice === undefined ? null : `two winners of ${twice}`;
      },
    },
    {
      name: 'nothing is half applied',
      broken(state) {
        const { rows } = truthOf(state);
        const revision = Number(valueOf(rows, 'hot'));
        const history = [...rows.keys()].filter((row) => row.startsWith('history ')).length;
        return history === revision ? null : `revision ${revision} with a history of ${history}`;
      },
    },
    {
      name: 'no means no',
      broken(state) {
        const applied = appliedIds(truthOf(state));
        const wrong = state.answers.find(
          ([tx, answer]) => (answer === 'lost' || answer === 'surely not') && applied.has(tx),
        );
        return wrong ? `${wrong[0]} was told '${wrong[1]}' and is applied` : null;
      },
    },
    {
      name: 'readers agree',
      broken({ journal, writers }) {
        const index = writers.findIndex(
          ({ phase, end, lines }) => phase !== 'dead' && readLines(journal.bytes.slice(0, end)).lines !== lines,
        );
        return index < 0 ? null : `${nameOf(index)} has read something else than what stands there`;
      },
    },
    {
      name: 'fencing',
      broken(state) {
        const late = truthOf(state).applied.find(({ tx, lease }) => tx.under !== '' && tx.under !== lease);
        return late ? `${late.tx.id} was written under ${late.tx.under} and is applied under '${late.lease}'` : null;
      },
    },
    {
      name: 'one owner',
      unless: personTakesAway,
      broken({ writers }) {
        // Who has asked to release it does nothing more under it.
        const owners = writers.filter(
          ({ token, phase, at }, index) =>
            token !== '' && phase !== 'dead' && (phase === 'idle' || scripts[index]?.[at] !== 'release'),
        );
        return owners.length > 1
          ? `${owners.map(({ token }) => token).join(' and ')} both believe to hold the lease`
          : null;
      },
    },
    {
      name: 'nobody acts late',
      broken: ({ lateActs }) =>
        lateActs.length === 0 ? null : `an act under ${lateActs.join()}, which was not the lease any more`,
    },
    {
      name: "a crash is nobody else's",
      broken({ answers }) {
        const lost = answers.find(([, answer]) => answer === 'lost line');
        return lost ? `the line of ${lost[0]}, which was written whole and flushed, is not there` : null;
      },
    },
    {
      name: 'a crash or power cut is never taken for damage',
      unless: mishaps.failedFlushes > 0,
      broken: (state) => (truthOf(state).damaged ? 'a line attests other bytes than those before it' : null),
    },
  ];
  return invariants.filter(({ unless }) => unless !== true);
}

function firstDouble(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}
