import { median } from '../figure';
import { timed, type StagingBench } from './staging-bench';

export interface ConnectFigures {
  /** ms, medians. */
  ours: number;
  system: number;
  pooled: number;
  master: number;
}

/** In turn, so that whatever else the machine does meets all of them. */
export async function measureConnect(bench: StagingBench, rounds: number): Promise<ConnectFigures> {
  const [ours, system, pooled, master]: [number[], number[], number[], number[]] = [[], [], [], []];
  const open = bench.host();
  await open.run('true');
  await bench.master(async () => {
    for (let round = 0; round <= rounds; round++) {
      const fresh = bench.host();
      const times = [
        await timed(() => ran(fresh.run('true'))),
        (await bench.system('true')).ms,
        await timed(() => ran(open.run('true'))),
        (await bench.system('true', bench.shared)).ms,
      ] as const;
      await fresh.close();
      if (round === 0) continue;
      for (const [index, list] of [ours, system, pooled, master].entries()) list.push(times[index] ?? NaN);
    }
  });
  await open.close();
  return { ours: median(ours), system: median(system), pooled: median(pooled), master: median(master) };
}

async function ran(run: Promise<{ events: unknown }>): Promise<void> {
  const { events } = await run;
  if (JSON.stringify(events) !== '[{"kind":"close","code":0}]')
    throw new Error(`true ended with ${JSON.stringify(events)}`);
}
