import { once } from 'node:events';
import { runLoad } from './load';
import { seedStore } from './seed';
import { watchCommits, writeCommits } from './sightings';
import { WorkerSpec, type Ready, type WorkerResult } from './spec';
import type { Store } from './store';
import { itemId } from './rows';
import { LOADERS } from './stores/load-store';

/** One process of a measurement: opens the store, says so, waits for the start, does its part, sends what came out and ends. */
async function main(): Promise<void> {
  const spec = WorkerSpec.parse(JSON.parse(process.argv[2] ?? ''));
  if (spec.mode === 'seed') return send({ kind: 'seeded', bytes: await seedStore(spec) });
  const rssBefore = process.memoryUsage.rss();
  const begun = performance.now();
  const open = await LOADERS[spec.store](spec);
  const loaded = performance.now();
  const store = await open();
  const opened = performance.now();
  send({
    kind: 'ready',
    libraryMs: loaded - begun,
    openMs: opened - loaded,
    rssOfOpening: process.memoryUsage.rss() - rssBefore,
  });
  await once(process, 'message');
  send(await perform(spec, store, rssBefore));
  await store.close();
}

function perform(
  spec: Exclude<WorkerSpec, { mode: 'seed' }>,
  store: Store,
  rssBefore: number,
): Promise<WorkerResult> | WorkerResult {
  switch (spec.mode) {
    case 'load':
      return runLoad(spec, store, rssBefore);
    case 'write':
      return writeCommits(spec, store);
    case 'read':
      return watchCommits(spec, store);
    case 'check':
      return {
        kind: 'checked',
        revisions: Array.from({ length: spec.items }, (_, index) => store.revision(itemId(index))),
      };
  }
}

function send(message: Ready | WorkerResult): void {
  process.send?.(message);
}

void main().then(
  () => process.disconnect(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
