import type { StagingLogInput } from '../../../extension/artifacts/staging-log';
import type { StagingRunResult } from '../../../runner-host/protocol/staging';
import { readReport, RUN } from './report-input';

export type StagingRan = StagingRunResult & { status: 'suite-ran' };

export const SERVED = 'a'.repeat(40);

/** A suite on a staging host that ran to exit code 0, with its report and the right commit served. */
export function stagingRan(change: Partial<StagingRan> = {}, remote: Partial<StagingRan['remote']> = {}): StagingRan {
  return {
    status: 'suite-ran',
    run: RUN,
    item: 'DEMO-1',
    kind: 'staging',
    remote: {
      host: 'deploy@staging.example.com:22',
      transport: 'ssh2',
      bootId: 'b00t',
      exitCode: 0,
      startedAt: 1_700_000_000_000,
      durationMs: 12_345.6,
      connections: 1,
      survivors: 0,
      leaked: 0,
      oomKills: 0,
      freeBefore: 1_000_000,
      freeAfter: 999_000,
      outputBytes: 512,
      outputDropped: 0,
      ...remote,
    },
    served: { before: SERVED, after: SERVED },
    report: readReport(),
    ...change,
  };
}

export function stagingLogInput(change: Partial<StagingLogInput> = {}): StagingLogInput {
  return {
    item: { id: 'DEMO-1', title: 'Add taxes' },
    result: stagingRan(),
    verdict: 'PASS',
    reason: 'exit code 0 and 11 of 12 checks passed, 1 skipped',
    remedy: '',
    head: SERVED,
    tree: 'b'.repeat(40),
    base: '1234567890'.repeat(4),
    command: ['./staging_check.sh', "it's"],
    container: null,
    served: { asked: true, commit: SERVED },
    waivers: [],
    producer: 'staging-runner',
    ...change,
  };
}
