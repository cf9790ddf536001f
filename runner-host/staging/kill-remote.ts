import { setTimeout as sleep } from 'node:timers/promises';
import { classifyConnection } from '../ssh/classify-connection';
import type { RemoteHost } from '../ssh/connect/remote-host';
import type { StagingLimits } from './limits';
import { requestOf, type RemoteRun } from './session';
import { talk } from './talk';

export interface Killed {
  /** The host has said that nothing of the run is left. */
  confirmed: boolean;
  /** null: not known. */
  survivors: number | null;
}

/**
 * Ends a run over a connection of its own, also one that is still on its way to its start: after this it never begins. Never
 * rejects; what the host does not confirm in time is not confirmed.
 */
export async function killRemote(
  host: RemoteHost,
  run: RemoteRun,
  { script, limits }: { script: string; limits: StagingLimits },
): Promise<Killed> {
  const leave = AbortSignal.timeout(limits.killMs + run.graceMs);
  for (let wait = limits.firstBackOffMs; ; wait = Math.min(wait * 2, limits.mostBackOffMs)) {
    const request = { ...requestOf(run, limits), mode: 'kill' as const, offset: 0 };
    const { frames, events, noiseBytes, broken } = await talk(host, request, { script, limits, leave });
    const killed = frames.find((frame) => frame.type === 'killed');
    if (killed !== undefined) return { confirmed: killed.survivors === 0, survivors: killed.survivors };
    const refused = frames.length === 0 && classifyConnection(events, noiseBytes, broken).class === 'permanent-env';
    if (refused || leave.aborted) return { confirmed: false, survivors: null };
    await sleep(wait, null, { signal: leave }).catch(() => null);
  }
}
