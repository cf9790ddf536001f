import type { BenchFolder } from './bench-folder';
import type { Plan } from './plan';
import { orNote } from './or-note';
import { middle, quantile } from './quantile';
import type { Measurements } from './results';
import { startWorker, type WorkerProgram } from './run-worker';
import type { WorkerResult } from './spec';
import type { StoreName } from './store';

/** From the answer to one process until another one, which only watches, has the row: below zero = before the answer. */
export async function measureSightings(
  folder: BenchFolder,
  program: WorkerProgram,
  plan: Plan,
  store: StoreName,
  slow: boolean,
  into: Measurements,
): Promise<void> {
  await orNote(into, `another window, ${store}`, async () => {
    const { directory } = await folder.copyOfSeed(store, plan.severalItems);
    const settings = folder.settings(store, directory);
    const commits = plan.sightings;
    const writer = await startWorker(program, { mode: 'write', commits, everyMs: plan.sightingsEveryMs, ...settings });
    const reader = await startWorker(program, { mode: 'read', commits, ...settings });
    reader.start();
    // The reader listens from its next turn on: a commit before that would count as unseen.
    await new Promise((resolve) => setTimeout(resolve, 100));
    writer.start();
    const answered = sightingsOf(await writer.result());
    const grace = setTimeout(() => reader.finish(), 1000);
    const seen = new Map(sightingsOf(await reader.result()));
    clearTimeout(grace);
    folder.discard(directory);
    const delays = answered.flatMap(([revision, at]) => {
      const first = seen.get(revision);
      return first === undefined ? [] : [(first - at) / 1000];
    });
    into.sightings.push({
      store,
      slow,
      p50: middle(delays),
      p99: quantile(delays, 0.99),
      longest: quantile(delays, 1),
      unseen: answered.length - delays.length,
    });
  });
}

function sightingsOf(result: WorkerResult): [number, number][] {
  if (result.kind !== 'sightings') throw new Error(`a worker sent ${result.kind}`);
  return result.seen;
}
