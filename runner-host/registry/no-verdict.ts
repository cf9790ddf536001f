import type { MergeRunResult } from '../protocol/merge';
import type { TestRunResult } from '../protocol/result';
import type { RunResult, RunSpec } from '../protocol/runs';
import type { StagingRunResult } from '../protocol/staging';
import { noSupervision } from '../runners/no-supervision';
import { remoteSupervision } from '../staging/remote-supervision';

/** The causes that any runner may have before, or after, its own work. */
type Cause = 'cancelled' | 'disk-full' | 'spawn-failed' | 'host-lost';

const CLASS = {
  cancelled: 'cancelled',
  'disk-full': 'transient-infra',
  'spawn-failed': 'transient-infra',
  'host-lost': 'transient-infra',
} as const;

/** The result of a run that its runner never came to judge. */
export function noVerdict(spec: RunSpec, startedAt: number, cause: Cause, detail: string): RunResult {
  const { run, item } = spec;
  if (spec.kind === 'test') {
    const supervision = noSupervision(startedAt);
    return { status: 'infra', run, item, kind: 'test', supervision, tree: null, cause, detail };
  }
  if (spec.kind === 'merge')
    return { status: 'infra', run, item, kind: 'merge', supervision: noSupervision(startedAt), cause, detail };
  const nothing = { total: 0, dropped: 0 };
  const remote = { ...remoteSupervision(spec, null, null, startedAt, nothing), durationMs: 0 };
  return { status: 'infra', run, item, kind: 'staging', remote, served: null, class: CLASS[cause], cause, detail };
}

/** The same run, but its result could not be kept as it was. */
export function withoutVerdict(result: RunResult, cause: Cause, detail: string): RunResult {
  if (result.kind === 'test') {
    const { run, item, supervision, tree } = result;
    return { status: 'infra', run, item, kind: 'test', supervision, tree, cause, detail } satisfies TestRunResult;
  }
  if (result.kind === 'merge') {
    const { run, item, supervision } = result;
    return { status: 'infra', run, item, kind: 'merge', supervision, cause, detail } satisfies MergeRunResult;
  }
  const { run, item, remote, served } = result;
  const common = { run, item, kind: 'staging', remote, served } as const;
  return { status: 'infra', ...common, class: CLASS[cause], cause, detail } satisfies StagingRunResult;
}
