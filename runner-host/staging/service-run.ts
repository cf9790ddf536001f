import type { RemoteHost } from '../ssh/connect/remote-host';
import type { Classification } from '../ssh/staging-evidence';
import type { StagingLimits } from './limits';
import { judgeSession, superviseRemote, type RemoteRun, type SessionEnd } from './session';

/** What a small command of ours on the host said. */
export type ServiceAnswer =
  { ok: true; code: number; output: Buffer } | { ok: false; found: Classification; end: SessionEnd };

export interface ServiceRun {
  runId: string;
  workdir: string;
  command: string;
  token: string;
  /** It was asked for before, by a runner host that died. */
  attachOnly?: boolean;
  /** More than so many bytes of output end it. */
  mostBytes: number;
}

export interface ServiceTools {
  host: RemoteHost;
  script: string;
  limits: StagingLimits;
  base: string;
  stop: AbortSignal;
}

/**
 * A small command on the host, under the same supervision as a suite: what it printed is whole or it is not ok, and its code
 * comes from a frame. Never rejects.
 */
export async function serve(
  { runId, workdir, command, token, mostBytes, attachOnly = false }: ServiceRun,
  tools: ServiceTools,
): Promise<ServiceAnswer> {
  const { host, script, limits, base, stop } = tools;
  const run: RemoteRun = {
    ...{ runId, base, workdir, command, token },
    ...{ program: '', owner: '', sweep: '', graceMs: 1000, timeoutMs: limits.serviceMs, attachOnly },
    mostLogKib: Math.ceil(mostBytes / 1024),
  };
  const pieces: Buffer[] = [];
  const end = await superviseRemote(host, run, {
    ...{ script, limits, stop },
    write: (bytes) => void pieces.push(Buffer.from(bytes)),
  });
  const found = judgeSession(end);
  if (found.class !== 'suite-ran' || found.code === undefined) return { ok: false, found, end };
  return { ok: true, code: found.code, output: Buffer.concat(pieces) };
}
