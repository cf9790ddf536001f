/** What can be explored: a state, what may happen next in it, and what must hold in each. States are never changed in place. */
export interface Model<S> {
  readonly initial: S;
  /** Two states with the same text are one: it must name everything that a step or an invariant looks at. */
  canonical(state: S): string;
  next(state: S): Iterable<Step<S>>;
  readonly invariants: readonly Invariant<S>[];
  /** Whether it is right that nothing more happens: a state without a next step that is not finished is a stall. */
  finished(state: S): boolean;
}

export interface Step<S> {
  readonly name: string;
  readonly state: S;
}

export interface Invariant<S> {
  readonly name: string;
  /** What breaks it in this state, or null if it holds. */
  broken(state: S): string | null;
}

export interface Exploration {
  states: number;
  steps: number;
  /** The first violation, which no shorter trace leads to; null = every reachable state is fine. */
  violation: Violation | null;
}

export interface Violation {
  invariant: string;
  detail: string;
  /** The names of the steps from the initial state. */
  trace: readonly string[];
}

interface Visited<S> {
  readonly state: S;
  readonly from: Visited<S> | null;
  readonly step: string;
}

export const STALL = 'nothing stalls';

/**
 * Visits every state that can be reached, nearest first, and stops at the first that breaks an invariant or stalls.
 * @throws RangeError when there are more than `limit` states: what was not visited was not checked
 */
export function explore<S>(model: Model<S>, limit: number): Exploration {
  const seen = new Set<string>([model.canonical(model.initial)]);
  let level: Visited<S>[] = [{ state: model.initial, from: null, step: '' }];
  let steps = 0;
  while (level.length > 0) {
    const following: Visited<S>[] = [];
    for (const visited of level) {
      const violation = checkState(model, visited);
      if (violation) return { states: seen.size, steps, violation };
      let moves = 0;
      for (const { name, state } of model.next(visited.state)) {
        moves += 1;
        const key = model.canonical(state);
        if (seen.has(key)) continue;
        seen.add(key);
        if (seen.size > limit) throw new RangeError(`more than ${limit} states: the exploration is not exhaustive`);
        following.push({ state, from: visited, step: name });
      }
      steps += moves;
      if (moves > 0 || model.finished(visited.state)) continue;
      const detail = 'no step is possible and the state is not a finished one';
      return { states: seen.size, steps, violation: { invariant: STALL, detail, trace: traceOf(visited) } };
    }
    level = following;
  }
  return { states: seen.size, steps, violation: null };
}

/** A violation as text for a person: the invariant, what broke it, and the numbered steps that lead there. */
export function describeViolation({ invariant, detail, trace }: Violation): string {
  return [`Broken: ${invariant}`, `  ${detail}`, ...trace.map((step, index) => `  ${index + 1}. ${step}`)].join('\n');
}

function checkState<S>(model: Model<S>, visited: Visited<S>): Violation | null {
  for (const { name, broken } of model.invariants) {
    const detail = broken(visited.state);
    if (detail !== null) return { invariant: name, detail, trace: traceOf(visited) };
  }
  return null;
}

function traceOf<S>(visited: Visited<S>): string[] {
  const trace: string[] = [];
  for (let at: Visited<S> | null = visited; at?.from; at = at.from) trace.unshift(at.step);
  return trace;
}
