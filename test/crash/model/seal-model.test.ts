import { describe, expect, it } from 'vitest';
import { describeViolation, explore } from './explorer';
import { SEALING, sealModel, type Sealing, type SealScenario } from './seal-model';

const MOST_STATES = 1_000_000;

function scenario(rest: Partial<SealScenario> = {}, rules: Partial<Sealing> = {}): SealScenario {
  return { advances: [2, 2], crashes: 0, restarts: 0, powerCuts: 0, ...rest, rules: { ...SEALING, ...rules } };
}

describe('segments and seals hold in every state that can be reached', () => {
  it.each<[string, SealScenario]>([
    ['a kill and a restart', scenario({ advances: [2, 1], crashes: 1, restarts: 1 })],
    ['a power cut', scenario({ powerCuts: 1 })],
    ['a power cut, and both start again', scenario({ advances: [2, 1], powerCuts: 1, restarts: 2 })],
    ['three processes', scenario({ advances: [1, 1, 1] })],
  ])('%s', (_, given) => {
    const { violation, states } = explore(sealModel(given), MOST_STATES);
    expect(violation === null ? '' : describeViolation(violation)).toBe('');
    expect(states).toBeGreaterThan(500);
  });
});

describe('each rule is needed', () => {
  it('without the seal on disk before the next segment, a power cut leaves a hole', () => {
    const { violation } = explore(sealModel(scenario({ powerCuts: 1 }, { flushSeal: false })), MOST_STATES);
    expect(violation?.invariant).toBe('no hole');
  });

  it('without lines being void behind a seal, who has read on misses what was acknowledged', () => {
    const { violation } = explore(sealModel(scenario({}, { voidBehindSeal: false })), MOST_STATES);
    expect(violation?.invariant).toBe('acknowledged is kept');
  });

  it("where a file's name is not kept with its data, whoever writes first has to flush the folder", () => {
    const withoutIt = scenario({ powerCuts: 1 }, { flushFolder: false });
    expect(explore(sealModel(withoutIt), MOST_STATES).violation?.invariant).toBe('acknowledged is kept');
    const onSuchADisk = scenario({ powerCuts: 1 }, { flushFolder: false, nameWithData: true });
    expect(explore(sealModel(onSuchADisk), MOST_STATES).violation).toBeNull();
  });
});
