import { timed, type StagingBench } from './staging-bench';

export interface LogFigures {
  megabytes: number;
  /** ms, the fastest of each: what else the machine does can only add. */
  ours: number;
  system: number;
}

/** A log of zeros, as fast as it comes, over a connection that is there. The system's client makes its own. */
export async function measureLog(bench: StagingBench, megabytes: number, rounds: number): Promise<LogFigures> {
  const bytes = megabytes * 1_000_000;
  const command = `head -c ${bytes} /dev/zero`;
  const [ours, system]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const host = bench.host();
    let came = 0;
    const mine = await timed(async () => {
      const outcome = await host.run(command, (chunk) => void (came += chunk.length));
      if (outcome.events.at(-1)?.kind !== 'close') throw new Error('the log did not end');
    });
    await host.close();
    const theirs = await bench.system(command);
    if (came !== bytes || theirs.bytes !== bytes) throw new Error('bytes are missing');
    if (round === 0) continue;
    ours.push(mine);
    system.push(theirs.ms);
  }
  return { megabytes, ours: Math.min(...ours), system: Math.min(...system) };
}
