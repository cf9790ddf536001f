import type { BenchFolder } from './bench-folder';
import type { Plan } from './plan';
import { orNote } from './or-note';
import { middle, quantile } from './quantile';
import type { Measurements, Several } from './results';
import { HISTORY } from './rows';
import { startWorker, type WorkerProgram } from './run-worker';
import type { LoadResult } from './spec';
import type { StoreName } from './store';

/** Several processes that all want the same few items. */
export async function measureSeveral(
  folder: BenchFolder,
  program: WorkerProgram,
  plan: Plan,
  { store, processes, slow }: Pick<Several, 'store' | 'processes' | 'slow'>,
  into: Measurements,
): Promise<void> {
  const rounds: Omit<Several, 'store' | 'processes' | 'slow'>[] = [];
  for (let round = 0; round < plan.severalRounds; round++) {
    await orNote(into, `${processes} processes, ${store}`, async () => {
      const { directory } = await folder.copyOfSeed(store, plan.severalItems);
      const results = await runTogether(folder, program, plan, store, directory, processes);
      rounds.push(summary(results, await missing(folder, plan, store, directory, results)));
      folder.discard(directory);
    });
  }
  if (rounds.length === 0) return;
  const of = (key: 'perSecond' | 'p50' | 'p99'): number => middle(rounds.map((round) => round[key]));
  const sum = (key: 'lostRaces' | 'failures' | 'answered'): number =>
    rounds.reduce((total, round) => total + round[key], 0);
  into.several.push({
    store,
    processes,
    slow,
    perSecond: of('perSecond'),
    p50: of('p50'),
    p99: of('p99'),
    longest: Math.max(...rounds.map(({ longest }) => longest)),
    lowestShare: Math.min(...rounds.map(({ lowestShare }) => lowestShare)),
    lostRaces: sum('lostRaces'),
    failures: sum('failures'),
    answered: sum('answered'),
    missing: rounds.some((round) => round.missing === null)
      ? null
      : rounds.reduce((total, round) => total + (round.missing ?? 0), 0),
  });
}

async function runTogether(
  folder: BenchFolder,
  program: WorkerProgram,
  { hotItems, severalMs }: Plan,
  store: StoreName,
  directory: string,
  processes: number,
): Promise<LoadResult[]> {
  const workers = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      startWorker(program, {
        mode: 'load',
        name: `process-${index}`,
        items: hotItems,
        durationMs: severalMs,
        atLeast: 0,
        ...folder.settings(store, directory),
      }),
    ),
  );
  for (const worker of workers) worker.start();
  const results = await Promise.all(workers.map((worker) => worker.result()));
  return results.filter((result) => result.kind === 'load');
}

function summary(results: readonly LoadResult[], lost: number | null): Omit<Several, 'store' | 'processes' | 'slow'> {
  const all = results.flatMap(({ latencies }) => latencies);
  const rates = results.map(({ latencies, elapsedMs }) => (latencies.length / elapsedMs) * 1000);
  const perSecond = rates.reduce((sum, rate) => sum + rate, 0);
  return {
    perSecond,
    p50: middle(all),
    p99: quantile(all, 0.99),
    longest: quantile(all, 1),
    lowestShare: Math.min(...rates) / (perSecond / rates.length),
    lostRaces: results.reduce((sum, { lostRaces }) => sum + lostRaces, 0),
    failures: results.reduce((sum, { failures }) => sum + failures, 0),
    answered: results.reduce((sum, { answered }) => sum + answered, 0),
    missing: lost,
  };
}

/** How many of the answered commits the store does not have any more, for a process that opens it afterwards. */
async function missing(
  folder: BenchFolder,
  { hotItems }: Plan,
  store: StoreName,
  directory: string,
  results: readonly LoadResult[],
): Promise<number | null> {
  if (store.startsWith('raw')) return null;
  const spec = { mode: 'check' as const, items: hotItems, ...folder.settings(store, directory) };
  const worker = await startWorker({ file: folder.worker, env: {} }, spec);
  worker.start();
  const checked = await worker.result();
  if (checked.kind !== 'checked') throw new Error(`${store} sent ${checked.kind}`);
  const stored = checked.revisions.reduce((sum, revision) => sum + revision - HISTORY, 0);
  return results.reduce((sum, { answered }) => sum + answered, 0) - stored;
}
