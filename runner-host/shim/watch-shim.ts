import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../supervisor/bounded';
import type { FromShimOf } from './messages';
import type { Shim } from './start-shim';

/** How much later than it should a shim may be: it shares the machine with what it supervises. */
const LATE_MS = 2500;
/** A shim needs at most so long beyond the grace to end a run and to tell it; see the bounds in `end-run.ts`. */
const END_BOUND_MS = 20_000;
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for the end that the shim tells. A command may stop its shim (SIGSTOP) or kill it: one that is overdue is woken
 * (SIGCONT), and if that does not help, killed.
 * @param stop aborted when the shim was told to stop its run
 * @returns null if the shim ended without telling
 */
export async function watchShim(
  shim: Shim,
  { timeoutMs, graceMs }: { timeoutMs: number; graceMs: number },
  stop: AbortSignal,
): Promise<FromShimOf<'ended'> | null> {
  const silence = overdue(timeoutMs, stop);
  const ending = await patiently(shim, shim.ending, silence.over);
  silence.cancel();
  if (ending === null) return null;
  return patiently(shim, shim.ended, sleep(graceMs + END_BOUND_MS, undefined, { ref: false }));
}

async function patiently<T>(shim: Shim, message: Promise<T | null>, late: Promise<unknown>): Promise<T | null> {
  const inTime = await Promise.race([message.then((value) => ({ value })), late.then(() => null)]);
  if (inTime !== null) return inTime.value;
  shim.signal('SIGCONT');
  const woken = await within(LATE_MS, message);
  if (woken !== undefined) return woken;
  shim.signal('SIGKILL');
  return (await within(LATE_MS, message)) ?? null;
}

/** Resolves when the shim should have begun to end its run: after the time limit, or after it was told to stop. */
function overdue(timeoutMs: number, stop: AbortSignal): { over: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  let onStop = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    const wait = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
    };
    onStop = () => wait(LATE_MS);
    wait(timeoutMs + LATE_MS);
    if (stop.aborted) onStop();
    else stop.addEventListener('abort', onStop, { once: true });
  });
  return {
    over,
    cancel() {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    },
  };
}
