import { found, type Classification, type StagingEvidence } from './staging-evidence';
import type { Frame, RemoteExit } from './frames';

/** 128 + signal: what shells make of HUP, INT, KILL and TERM, which come from outside of a suite. */
const ENDED_BY_SIGNAL = [129, 130, 137, 143];
/** With less than this left (KiB) a failure may be the disk's. */
const DISK_FULL_BELOW_KIB = 1024;

/** What a whole `exit` frame says. `survivors` and `disk` that could not be looked at are never taken for none and enough. */
export function classifyExit(exit: RemoteExit, { frames, inner, seen }: StagingEvidence): Classification {
  if ((seen ?? logSeen(frames)) < exit.logBytes) return found('transient-infra', 'log-incomplete', true);
  if (exit.survivors === null) return found('held', 'survivors-unknown');
  if (exit.survivors > 0) return found('held', 'survivors');
  switch (exit.reason) {
    case 'not-started':
      return found('permanent-env', 'workdir-unusable');
    case 'busy':
      return found('transient-infra', 'host-busy');
    case 'lease':
      return found('transient-infra', 'lease');
    case 'timeout':
      return found('transient-infra', 'timeout');
    case 'kill':
      return found('held', 'killed');
    case 'output':
      return found('held', 'output-limit');
    case 'exit':
      return classifyCode(exit, inner);
  }
}

function classifyCode(exit: RemoteExit, inner: StagingEvidence['inner']): Classification {
  const { code, oomKills, freeAfter } = exit;
  if (code !== 0 && oomKills !== null && oomKills > 0) return found('held', 'out-of-memory');
  if (inner !== null && inner.endCode === null) {
    return inner.started ? found('transient-infra', 'container-lost') : found('permanent-env', 'container-start');
  }
  if (inner !== null && inner.endCode !== code) return found('held', 'container-codes-differ');
  if (ENDED_BY_SIGNAL.includes(code)) return found('held', 'killed');
  if (freeAfter === null) return code === 0 ? ran(code) : found('held', 'disk-unknown');
  // A green suite may have lost the log that would show otherwise.
  if (freeAfter < DISK_FULL_BELOW_KIB) return found(code === 0 ? 'held' : 'permanent-env', 'disk-full');
  return ran(code);
}

const ran = (code: number): Classification => ({ ...found('suite-ran', 'exit'), code });

/** How far the log is known without a gap. Every connection's frames begin where they were attached. */
function logSeen(frames: readonly Frame[]): number {
  let seen = 0;
  for (const frame of frames) {
    if (frame.type === 'data' && frame.offset <= seen) seen = Math.max(seen, frame.offset + frame.bytes.length);
  }
  return seen;
}
