import { describe, expect, it } from 'vitest';
import { describeViolation, explore, STALL, type Model } from './explorer';

/** Two jars of 3 and 5 litres: what can be measured is known from the puzzle. */
function jars(forbidden: number): Model<readonly [number, number]> {
  return {
    initial: [0, 0],
    canonical: String,
    *next([three, five]) {
      const toFive = Math.min(three, 5 - five);
      const toThree = Math.min(five, 3 - three);
      yield { name: 'fill 3', state: [3, five] };
      yield { name: 'fill 5', state: [three, 5] };
      yield { name: 'empty 3', state: [0, five] };
      yield { name: 'empty 5', state: [three, 0] };
      yield { name: '3 into 5', state: [three - toFive, five + toFive] };
      yield { name: '5 into 3', state: [three + toThree, five - toThree] };
    },
    invariants: [{ name: 'not that much', broken: ([, five]) => (five === forbidden ? `${five} litres` : null) }],
    finished: () => false,
  };
}

describe('explore', () => {
  it('visits every state that can be reached, and each once', () => {
    const { states, steps, violation } = explore(jars(6), 100);
    expect(violation).toBeNull();
    expect(states).toBe(16);
    expect(steps).toBe(16 * 6);
  });

  it('finds a shortest trace to a violation', () => {
    const { violation } = explore(jars(4), 100);
    expect(violation?.trace).toEqual(['fill 5', '5 into 3', 'empty 3', '5 into 3', 'fill 5', '5 into 3']);
    expect(violation && describeViolation(violation)).toContain('Broken: not that much\n  4 litres\n  1. fill 5\n');
  });

  it('checks the initial state too', () => {
    expect(explore(jars(0), 100).violation?.trace).toEqual([]);
  });

  it('refuses to call an exploration whole that met its limit', () => {
    expect(() => explore(jars(6), 15)).toThrow(RangeError);
  });

  it('takes a state without a next step for a stall, unless it is a finished one', () => {
    const countdown = (finished: boolean): Model<number> => ({
      initial: 2,
      canonical: String,
      *next(state) {
        if (state > 0) yield { name: 'down', state: state - 1 };
      },
      invariants: [],
      finished: () => finished,
    });
    expect(explore(countdown(true), 10).violation).toBeNull();
    expect(explore(countdown(false), 10).violation).toMatchObject({ invariant: STALL, trace: ['down', 'down'] });
  });
});
