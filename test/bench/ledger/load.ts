import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { itemId } from './rows';
import type { LoadResult, SpecOf } from './spec';
import type { Store } from './store';

/** For so long commits are made before the others are timed, in ms: a process compiles its code when it uses it. */
const WARM_UP_MS = 400;
/** Those that show what a new process has to expect. */
const FIRST = 50;

/** Advances one random item after the other for the given time. */
export async function runLoad(spec: SpecOf<'load'>, store: Store, rssBefore: number): Promise<LoadResult> {
  let count = 0;
  let lostRaces = 0;
  let failures = store.refusedOpens ?? 0;
  const advance = async (): Promise<void> => {
    const item = itemId(Math.floor(Math.random() * spec.items));
    count += 1;
    for (;;) {
      const outcome = await store.advance(item, `${spec.name}-${count}`);
      if (outcome === 'done') return;
      if (outcome === 'lost') lostRaces += 1;
      else failures += 1;
    }
  };
  const timeFor = async (durationMs: number, atLeast: number): Promise<number[]> => {
    const latencies: number[] = [];
    const begun = performance.now();
    while (performance.now() - begun < durationMs || latencies.length < atLeast) {
      const start = performance.now();
      await advance();
      latencies.push(performance.now() - start);
      // Others on this event loop get their turn, as in a real process.
      await setImmediate();
    }
    return latencies;
  };
  const firstLatencies = (await timeFor(WARM_UP_MS, 1)).slice(0, FIRST);

  lostRaces = 0;
  const disk = writtenBytes();
  const loop = performance.eventLoopUtilization();
  const begun = performance.now();
  const latencies = await timeFor(spec.durationMs, spec.atLeast);
  const elapsedMs = performance.now() - begun;
  const busyMs = performance.eventLoopUtilization(loop).active;
  const written = writtenBytes();
  return {
    kind: 'load',
    latencies,
    firstLatencies,
    answered: count,
    elapsedMs,
    lostRaces,
    failures,
    busyMs,
    diskBytes: disk === null || written === null ? null : written - disk,
    rssGrowth: process.memoryUsage.rss() - rssBefore,
  };
}

/** Bytes that this process caused to be sent to the disk (proc(5), /proc/pid/io). */
function writtenBytes(): number | null {
  if (!existsSync('/proc/self/io')) return null;
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
