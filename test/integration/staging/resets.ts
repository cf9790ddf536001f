import { randomInt } from 'node:crypto';
import type { StagingRig } from './staging-rig';
import { verdictOf } from './staging-rig';

/** What a run came to whose connections were cut three times. */
export interface Survived {
  verdict: string;
  ran: string;
  logIsWhole: boolean;
  connections: number;
}

/**
 * One run of a suite that prints for about a second, with three cuts at random moments of connecting, starting, attaching and
 * streaming. `cut` resets every connection to the host.
 */
export async function runWithResets(rig: StagingRig, cut: () => void, code: number): Promise<Survived> {
  const name = `ran-${randomInt(1e9)}`;
  const lines = 40;
  const command = `printf x >>${name}; n=0; while [ $n -lt ${lines} ]; do n=$((n+1)); echo "line $n"; sleep 0.02; done; exit ${code}`;
  const timers = Array.from({ length: 3 }, () => setTimeout(cut, randomInt(0, 2_500)));
  const { result, log } = await rig.run(rig.spec(command));
  for (const timer of timers) clearTimeout(timer);
  const expected = Array.from({ length: lines }, (_, index) => `line ${index + 1}\n`).join('');
  return {
    verdict: verdictOf(result),
    ran: rig.read(name),
    logIsWhole: log.toString() === expected,
    connections: result.remote.connections,
  };
}
