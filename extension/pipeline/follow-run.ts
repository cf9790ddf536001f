import { type RunResult, RunSpec } from '../../runner-host/protocol/runs';
import type { JobRow } from '../ledger/rows';
import type { AdvanceContext } from './context';

/**
 * Starts the job's run, or finds it if it was started before (the host answers by run id), and waits for its result.
 * An abort cancels the run; the promise still settles only with the result, when every process of it is dead.
 */
export async function followRun(context: AdvanceContext, job: JobRow): Promise<RunResult> {
  const { host } = context.ports;
  const { item, onProgress, signal, actor } = context;
  const spec = RunSpec.parse(JSON.parse(job.spec));
  await host.request('run/start', { spec });
  const cancel = (): void => {
    onProgress({ kind: 'run', item: item.id, run: job.id, state: 'stopping', position: null });
    host.request('run/cancel', { run: job.id, reason: `cancelled by ${actor}` }).catch((error: unknown) => {
      onProgress({
        kind: 'note',
        item: item.id,
        text: `cancelling failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    });
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    const finished = await host.follow(job.id, 0, {
      output: (event) => onProgress({ kind: 'output', item: item.id, run: job.id, ...event }),
      step: ({ state, position }) => onProgress({ kind: 'run', item: item.id, run: job.id, state, position }),
    });
    if (!finished.result)
      throw new Error(`the runner host says that run ${job.id} is ${finished.state}, but gives no result`);
    return finished.result;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
