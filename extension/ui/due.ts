import type { ItemRow } from '../ledger/rows';

/** Timers of Node wrap around above this, and fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How often a window looks whether another process died and left a run behind. */
const ORPHAN_CHECK_MS = 10_000;

/**
 * In how many ms somebody must look again: at the next deferral, or soon while runs are going (their owner may
 * die), or null when nothing can become due.
 */
export function nextLook(items: readonly Pick<ItemRow, 'condition' | 'next_at'>[], now: number): number | null {
  let soonest: number | null = null;
  for (const { condition, next_at } of items) {
    const wait =
      condition === 'running'
        ? ORPHAN_CHECK_MS
        : condition === 'deferred' && next_at !== null
          ? Math.max(0, next_at - now)
          : null;
    if (wait !== null && (soonest === null || wait < soonest)) soonest = wait;
  }
  return soonest === null ? null : Math.min(soonest, LONGEST_TIMER_MS);
}
