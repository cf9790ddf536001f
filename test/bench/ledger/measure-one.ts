import { bytesOf, type BenchFolder } from './bench-folder';
import { KEEPERS, FLOORS, type Plan } from './plan';
import { orNote } from './or-note';
import { middle, quantile } from './quantile';
import type { Measurements, Single } from './results';
import { startWorker, type WorkerProgram } from './run-worker';
import type { LoadResult, Ready } from './spec';
import type { StoreName } from './store';

/** Commits that each round makes at least, also where one takes a second. */
const AT_LEAST = 5;
const ENOUGH_FOR_P99 = 100;

/** The bytes of one transaction's line in the journal: what the raw stores append. */
export async function measureLine(folder: BenchFolder): Promise<number> {
  const { directory } = await folder.copyOfSeed('journal', 100);
  const before = bytesOf(directory, '.jsonl');
  const { result } = await load(folder, { file: folder.worker, env: {} }, 'journal', directory, 100, 200);
  const bytes = Math.round((bytesOf(directory, '.jsonl') - before) / result.answered);
  folder.discard(directory);
  return bytes;
}

/** Opening, with nothing else going on: each time in a new process, the files in the page cache. */
export async function measureOpening(
  folder: BenchFolder,
  plan: Plan,
  items: number,
  into: Measurements,
): Promise<void> {
  for (const store of KEEPERS) {
    await orNote(into, `opening ${items} items, ${store}`, async () => {
      const { directory, bytes } = await folder.copyOfSeed(store, items);
      const opens: Ready[] = [];
      for (let round = 0; round < plan.opens; round++) {
        const spec = { mode: 'check' as const, items: 1, ...folder.settings(store, directory) };
        const worker = await startWorker({ file: folder.worker, env: {} }, spec);
        worker.start();
        await worker.result();
        opens.push(worker.ready);
      }
      folder.discard(directory);
      into.openings.push({
        store,
        items,
        libraryMs: middle(opens.map(({ libraryMs }) => libraryMs)),
        openMs: middle(opens.map(({ openMs }) => openMs)),
        rss: middle(opens.map(({ rssOfOpening }) => rssOfOpening)),
        fileBytes: bytes,
      });
    });
  }
}

/** One process that commits, the stores taking turns. The floors are measured with every size: they cost the same. */
export async function measureSingle(
  folder: BenchFolder,
  program: WorkerProgram,
  plan: Plan,
  items: number,
  slow: boolean,
  into: Measurements,
): Promise<void> {
  const copies = new Map<StoreName, string>();
  const results = new Map<StoreName, LoadResult[]>();
  for (let round = 0; round < (slow ? plan.slowRounds : plan.rounds); round++) {
    for (const store of [...FLOORS, ...KEEPERS]) {
      await orNote(into, `${items} items, ${store}`, async () => {
        const directory = copies.get(store) ?? (await folder.copyOfSeed(store, items)).directory;
        copies.set(store, directory);
        const { result } = await load(folder, program, store, directory, items, plan.roundMs);
        results.set(store, [...(results.get(store) ?? []), result]);
      });
    }
  }
  for (const directory of copies.values()) folder.discard(directory);
  for (const [store, rounds] of results) into.singles.push(summary(store, items, slow, rounds));
}

function summary(store: StoreName, items: number, slow: boolean, rounds: readonly LoadResult[]): Single {
  const all = rounds.flatMap(({ latencies }) => latencies);
  const medians = rounds.map(({ latencies }) => middle(latencies));
  const perCommit = (of: (result: LoadResult) => number): number =>
    middle(rounds.map((result) => of(result) / result.latencies.length));
  return {
    store,
    items,
    slow,
    commits: all.length,
    p50: middle(medians),
    best: Math.min(...medians),
    p99: all.length < ENOUGH_FOR_P99 ? NaN : quantile(all, 0.99),
    firstP50: middle(rounds.flatMap(({ firstLatencies }) => firstLatencies)),
    busyMs: perCommit(({ busyMs }) => busyMs),
    diskBytes: rounds.some(({ diskBytes }) => diskBytes === null) ? null : perCommit(({ diskBytes }) => diskBytes ?? 0),
    rss: middle(rounds.map(({ rssGrowth }) => rssGrowth)),
  };
}

async function load(
  folder: BenchFolder,
  program: WorkerProgram,
  store: StoreName,
  directory: string,
  items: number,
  durationMs: number,
): Promise<{ result: LoadResult }> {
  const name = `one-${Math.random().toString(36).slice(2)}`;
  const settings = folder.settings(store, directory);
  const worker = await startWorker(program, { mode: 'load', name, items, durationMs, atLeast: AT_LEAST, ...settings });
  worker.start();
  const result = await worker.result();
  if (result.kind !== 'load') throw new Error(`${store} sent ${result.kind}`);
  return { result };
}
