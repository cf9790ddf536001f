import { superviseRemote, judgeSession } from '../../../runner-host/staging/session';
import { STAGING_LIMITS } from '../../../runner-host/staging/limits';
import { median } from '../figure';
import { supervisorText, timed, type StagingBench } from './staging-bench';

export interface SupervisedFigures {
  /** ms, medians: with a connection of its own, and over one that is there. */
  whole: number;
  pooled: number;
}

/** A whole supervised run of `true`: start, log, end, verdict. */
export async function measureSupervised(bench: StagingBench, rounds: number): Promise<SupervisedFigures> {
  const [whole, pooled]: [number[], number[]] = [[], []];
  const open = bench.host();
  const script = supervisorText();
  let runs = 0;
  const supervise = async (host: ReturnType<StagingBench['host']>): Promise<void> => {
    const run = {
      runId: `bench-${++runs}`,
      base: `${bench.rig.folder}/runs`,
      workdir: '/',
      command: 'true',
      program: 'true',
      token: `ILK_RUN_BENCHMARK_${process.pid}_${runs}`,
      owner: '',
      sweep: '',
      timeoutMs: 60_000,
      graceMs: 1_000,
      mostLogKib: 1024,
      attachOnly: false,
    };
    const stop = new AbortController().signal;
    const tools = { script, limits: STAGING_LIMITS, write: () => undefined, stop };
    const found = judgeSession(await superviseRemote(host.remote, run, tools));
    if (found.class !== 'suite-ran' || found.code !== 0) throw new Error(`the run was ${found.class} ${found.cause}`);
  };
  for (let round = 0; round <= rounds; round++) {
    const fresh = bench.host();
    const times = [await timed(() => supervise(fresh)), await timed(() => supervise(open))] as const;
    await fresh.close();
    if (round === 0) continue;
    whole.push(times[0]);
    pooled.push(times[1]);
  }
  await open.close();
  return { whole: median(whole), pooled: median(pooled) };
}
