const FIRST_DELAY_MS = 30_000;
const GROWTH = 4;
const JITTER = 0.2;

/**
 * How long an item is deferred before the given infra retry, in ms: 30 s, 2 min, 8 min, ... with 20 % jitter either way,
 * so that items which failed together do not come back together.
 * @param retry counts from 1
 * @param random a number in [0, 1)
 */
export function backOffMs(retry: number, random: number): number {
  const delay = FIRST_DELAY_MS * GROWTH ** (retry - 1);
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
