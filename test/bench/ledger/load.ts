import { existsSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { itemId } from './rows';
import type { LoadResult, SpecOf } from './spec';
import type { Store } from './store';

/** Commits that are made before anything is timed: compiled code, warm caches. */
const WARM_UP = 10;

/** Advances one random item after the other for the given time. */
export async function runLoad(spec: SpecOf<'load'>, store: Store, rssBefore: number): Promise<LoadResult> {
  let count = 0;
  let lostRaces = 0;
  const advance = async (): Promise<void> => {
    const item = itemId(Math.floor(Math.random() * spec.items));
    count += 1;
    while (!(await store.advance(item, `${spec.name}-${count}`))) lostRaces += 1;
  };
  for (let round = 0; round < Math.min(WARM_UP, spec.atLeast); round++) await advance();

  lostRaces = 0;
  const latencies: number[] = [];
  const disk = writtenBytes();
  const loop = performance.eventLoopUtilization();
  const begun = performance.now();
  while (performance.now() - begun < spec.durationMs || latencies.length < spec.atLeast) {
    const start = performance.now();
    await advance();
    latencies.push(performance.now() - start);
    // Others on this event loop get their turn, as in a real process.
    await setImmediate();
  }
  const elapsedMs = performance.now() - begun;
  const busyMs = performance.eventLoopUtilization(loop).active;
  const written = writtenBytes();
  return {
    kind: 'load',
    latencies,
    answered: count,
    elapsedMs,
    lostRaces,
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
