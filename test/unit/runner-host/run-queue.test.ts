import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunQueue } from '../../../runner-host/registry/run-queue';

class Run {
  state: 'waiting' | 'running' | 'left' = 'waiting';
  position: number | null = null;
  readonly worktree: string;
  readonly number: number;

  constructor(number: number, worktree: string) {
    this.number = number;
    this.worktree = worktree;
  }

  start(): void {
    expect(this.state).toBe('waiting');
    this.state = 'running';
    this.position = null;
  }

  moved(position: number): void {
    expect(this.state).toBe('waiting');
    this.position = position;
  }
}

/** The rule itself: whoever waits either finds no place, or one before him in his worktree, running or waiting. */
function check(runs: readonly Run[], limit: number): void {
  const running = runs.filter(({ state }) => state === 'running');
  const waiting = runs.filter(({ state }) => state === 'waiting');
  expect(running.length).toBeLessThanOrEqual(limit);
  expect(new Set(running.map(({ worktree }) => worktree)).size).toBe(running.length);
  expect(waiting.map(({ position }) => position)).toEqual(waiting.map((_run, index) => index + 1));
  if (running.length === limit) return;
  for (const run of waiting) expect(running.some(({ worktree }) => worktree === run.worktree)).toBe(true);
}

const action = fc.oneof(
  fc.record({ enter: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
  // Whoever it is, running or waiting; some have left already.
  fc.record({ leave: fc.nat(40) }),
);

test('runs get places in the order in which they came, one per worktree, and none that could run waits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(action, { maxLength: 60 }), (limit, actions) => {
      const queue = new RunQueue(limit);
      const runs: Run[] = [];
      const startedIn = new Map<string, number>();
      const settle = (change: () => void): void => {
        const before = runs.filter(({ state }) => state === 'waiting');
        change();
        check(runs, limit);
        const admitted = runs.filter((run) => run.state === 'running' && before.includes(run));
        for (const { number, worktree } of admitted) {
          expect(number).toBeGreaterThan(startedIn.get(worktree) ?? -1);
          startedIn.set(worktree, number);
          // Whoever was passed could not run: his worktree is in use.
          const passed = runs.filter((run) => run.state === 'waiting' && run.number < number);
          const inUse = runs.filter(({ state }) => state === 'running').map((run) => run.worktree);
          for (const run of passed) expect(inUse).toContain(run.worktree);
        }
      };
      const leave = (run: Run | undefined): void => {
        if (run === undefined) return;
        run.state = 'left';
        queue.leave(run);
      };
      for (const one of actions) {
        settle(() => {
          if ('leave' in one) return leave(runs[one.leave]);
          const run = new Run(runs.length, one.enter);
          runs.push(run);
          queue.enter(run);
        });
      }
      // Nobody is forgotten: as those who run leave, everybody gets a turn.
      for (let run = runs.find(({ state }) => state === 'running'); run !== undefined;) {
        const done = run;
        settle(() => leave(done));
        run = runs.find(({ state }) => state === 'running');
      }
      expect(runs.filter(({ state }) => state !== 'left')).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('leaving twice frees one place', () => {
  const queue = new RunQueue(1);
  const [first, second, third] = ['a', 'b', 'c'].map((worktree, number) => new Run(number, worktree));
  if (!first || !second || !third) throw new Error('three runs were made');
  for (const run of [first, second, third]) queue.enter(run);
  queue.leave(first);
  queue.leave(first);
  expect([second.state, third.state, third.position]).toEqual(['running', 'waiting', 1]);
});
