import type { RemoteSupervision, StagingRunSpec, StagingTarget } from '../protocol/staging';
import type { HostReport } from '../ssh/connect/remote-host';
import type { OutputSink } from '../supervisor/read-output';
import type { SessionEnd } from './session';

/** `user@host:port`, as it was resolved if it was. */
export function placeText({ user, host, port, transport }: StagingTarget, report: HostReport | null): string {
  if (transport === 'demo') return 'demo host on this machine';
  if (report !== null) return `${report.resolved.user}@${report.resolved.host}:${report.resolved.port}`;
  return `${user === null ? '' : `${user}@`}${host}${port === null ? '' : `:${port}`}`;
}

/** What is known of the suite on the host; `suite` is null if it was not asked for. */
export function remoteSupervision(
  { target }: StagingRunSpec,
  report: HostReport | null,
  suite: SessionEnd | null,
  startedAt: number,
  output: Pick<OutputSink, 'total' | 'dropped'>,
): RemoteSupervision {
  const exit = suite?.exit ?? null;
  return {
    host: placeText(target, report),
    transport: target.transport,
    bootId: suite?.bootId ?? null,
    exitCode: exit?.reason === 'exit' ? exit.code : null,
    startedAt,
    durationMs: Date.now() - startedAt,
    connections: suite?.connections ?? 0,
    survivors: exit?.survivors ?? suite?.killed?.survivors ?? null,
    leaked: exit?.leaked ?? null,
    oomKills: exit?.oomKills ?? null,
    freeBefore: exit?.freeBefore ?? null,
    freeAfter: exit?.freeAfter ?? null,
    outputBytes: output.total,
    outputDropped: output.dropped,
  };
}
