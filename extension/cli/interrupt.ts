import type { Line } from './line';
import { line } from './line';
import { texts } from './texts';
import type { World } from './world';

/** npm and npx pass a Ctrl-C on that the terminal has already delivered: presses closer than this are one. */
const SAME_PRESS_MS = 300;
/** How long a second Ctrl-C waits to hear that the run is being stopped. */
const CONFIRM_MS = 2_000;
/** Time for the request to leave the process. */
const SEND_MS = 200;

export interface Interrupts {
  readonly signal: AbortSignal;
  /** The request to stop the run is on its way: from now on leaving is safe. */
  stopping(): void;
  close(): void;
}

export interface InterruptOptions {
  world: Pick<World, 'onInterrupt' | 'every' | 'now'>;
  item: string;
  say(text: Line): void;
  /** Leaves the process at once, with the exit code of an interrupted advance. */
  leave(): void;
}

/**
 * Ctrl-C while an item advances. The first one cancels the run, and the caller goes on waiting until it is dead. The second one
 * leaves, but not before the run is known to be stopping: else one that was just being started would go on. The third one
 * leaves whatever is known.
 */
export function watchInterrupts({ world, item, say, leave }: InterruptOptions): Interrupts {
  const abort = new AbortController();
  let presses = 0;
  let pressedAt = -Infinity;
  let confirmed = false;
  let stopTimer = (): void => undefined;
  const leaveAfter = (ms: number): void => {
    stopTimer();
    stopTimer = world.every(ms, leave);
  };

  const stopListening = world.onInterrupt(() => {
    const now = world.now();
    if (now - pressedAt < SAME_PRESS_MS) return;
    pressedAt = now;
    presses += 1;
    if (presses === 1) {
      say(line(texts.interruptedOnce(item), 'warning'));
      return abort.abort();
    }
    if (presses > 2) return leave();
    say(line(texts.interruptedTwice(item), 'warning'));
    leaveAfter(confirmed ? SEND_MS : CONFIRM_MS);
  });
  return {
    signal: abort.signal,
    stopping() {
      confirmed = true;
      if (presses > 1) leaveAfter(SEND_MS);
    },
    close() {
      stopListening();
      stopTimer();
    },
  };
}
