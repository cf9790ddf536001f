import type { Frame } from './frames';
import { classifyConnection } from './classify-connection';
import { classifyExit } from './classify-exit';
import { found, type Classification, type StagingEvidence } from './staging-evidence';

/** What a run on a staging host was. A verdict comes from a whole `exit` frame alone; what is not understood is held. */
export function classify(evidence: StagingEvidence): Classification {
  const { frames, events } = evidence;
  const last = <T extends Frame['type']>(type: T): Extract<Frame, { type: T }> | undefined =>
    frames.findLast((frame): frame is Extract<Frame, { type: T }> => frame.type === type);
  const exit = last('exit');
  if (exit !== undefined) return classifyExit(exit.exit, evidence);
  const lost = last('lost');
  if (lost !== undefined) {
    if (lost.reason === 'unknown' && startedAnew(frames)) return found('transient-infra', 'lost-rebooted');
    // A run of which nothing is there can't be told from one that goes on elsewhere.
    return lost.reason === 'unknown' ? found('held', 'run-unknown') : found('transient-infra', `lost-${lost.reason}`);
  }
  if (last('killed') !== undefined) return found('held', 'killed');
  const environment = last('env');
  if (environment?.state === 'permanent') return found('permanent-env', environment.reason);
  if (environment?.state === 'transient') return found('transient-infra', environment.reason);
  if (last('hello') === undefined) return classifyConnection(events, evidence.noiseBytes, evidence.broken);
  if (events.some((event) => event.kind === 'close' && event.signal !== undefined)) return found('held', 'killed');
  return found('transient-infra', evidence.broken === undefined ? 'connection-lost' : 'frames-broken', true);
}

/** Between two connections the host came up again: nothing of before lives on. */
function startedAnew(frames: readonly Frame[]): boolean {
  const boots = frames.flatMap((frame) => (frame.type === 'hello' && frame.bootId !== '-' ? [frame.bootId] : []));
  return new Set(boots).size > 1;
}
