import { change, reopen } from './change';
import type { Step } from './explorer';
import { tear } from './journal';
import { imagesAfterPowerCut } from './power-cut';
import { nameOf, STARTED, type Mishaps, type Scenario, type State, type Writer } from './state';

/** Kills, restarts and power cuts, as many as the scenario has left. */
export function* mishapsOf(state: State, { scripts, rules }: Scenario): Generator<Step<State>> {
  const spend = (kind: keyof Mishaps): Mishaps => ({ ...state.left, [kind]: state.left[kind] - 1 });
  const dead = ({ life }: Writer): Writer => ({ ...STARTED, phase: 'dead', life });
  for (const [index, writer] of state.writers.entries()) {
    if (writer.phase === 'dead' && state.left.restarts > 0) {
      const { journal, writer: opened } = reopen(state.journal, rules);
      const started = { ...STARTED, life: writer.life + 1, ...opened };
      yield {
        name: `${nameOf(index)} starts again`,
        state: change(state, index, started, { journal, left: spend('restarts') }),
      };
    }
    // Who is done and holds nothing is as good as dead: his end changes nothing for anybody.
    const over = writer.at >= (scripts[index]?.length ?? 0) && writer.token === '';
    if (writer.phase !== 'dead' && !over && state.left.crashes > 0) {
      const journal = writer.phase === 'writing' ? tear(state.journal) : state.journal;
      yield {
        name: `${nameOf(index)} is killed`,
        state: change(state, index, dead(writer), { journal, left: spend('crashes') }),
      };
    }
  }
  if (state.left.powerCuts === 0) return;
  for (const journal of imagesAfterPowerCut(state.journal)) {
    const cut = { ...state, journal, writers: state.writers.map(dead), left: spend('powerCuts') };
    yield { name: `the power is cut, which leaves '${journal.bytes}'`, state: cut };
  }
}
