import type { Members } from './members';

const INTERVAL_MS = 250;
/** A look may cost at most 2 % of the time. */
const COST_FACTOR = 50;

/**
 * Looks at the tree from time to time while the command runs: a process that leaves it later (own session, parent gone) can
 * still be named at the end.
 */
export function watchMembers(members: Members): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const begun = performance.now();
    members.scan('tree');
    plan(Math.max(INTERVAL_MS, (performance.now() - begun) * COST_FACTOR));
  };
  const plan = (ms: number): void => {
    timer = setTimeout(look, ms);
  };
  plan(INTERVAL_MS);
  return { stop: () => clearTimeout(timer) };
}
