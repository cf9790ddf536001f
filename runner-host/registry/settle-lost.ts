import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ProcessTable } from '../processes/process-table';
import type { ProcessIdentity } from '../protocol/methods';
import type { Supervision, TestRunResult } from '../protocol/result';
import type { TestRunSpec } from '../protocol/run-spec';
import type { RunResult, RunSpec } from '../protocol/runs';
import { noSupervision } from '../runners/no-supervision';
import { removeScratch } from '../runners/scratch-worktree';
import type { Sweep } from '../shim/sweep-after-shim';
import { sweepLostRun } from '../shim/sweep-lost-run';
import type { Log } from '../supervisor/send-signal';
import { noVerdict } from './no-verdict';
import type { RunDirectory } from './run-directory';
import type { RunRecord } from './run-record';

export interface LostRun {
  directory: RunDirectory;
  spec: RunSpec;
  /** Null if it can't be read: then nothing is known of the processes. */
  record: RunRecord | null;
}

/**
 * Settles a run whose host died: ends what is left of its processes, then writes the result. Returns it. Only processes with the
 * recorded identity or cookie are touched; where those can't be seen (another boot, container or machine) none is.
 */
export async function settleLost(lost: LostRun, tools: SweepTools): Promise<RunResult> {
  const { directory, spec, record } = lost;
  const result =
    spec.kind === 'test'
      ? await settleTest({ ...lost, spec }, tools)
      : noVerdict(spec, record?.startedAt ?? Date.now(), 'host-lost', 'the runner host ended while the run went on');
  await directory.writeResult(result);
  return result;
}

async function settleTest(
  { directory, spec, record }: LostRun & { spec: TestRunSpec },
  tools: SweepTools,
): Promise<TestRunResult> {
  const swept = await sweep(spec, record, tools);
  const startedAt = record?.startedAt ?? Date.now();
  const log = statSync(directory.output, { throwIfNoEntry: false });
  const supervision: Supervision = {
    ...noSupervision(startedAt),
    ...swept,
    pid: record?.leader?.pid ?? null,
    durationMs: log === undefined ? 0 : Math.max(0, log.mtimeMs - startedAt),
    outputBytes: log?.size ?? 0,
  };
  const common = { status: 'infra', run: spec.run, item: spec.item, kind: spec.kind, supervision, tree: null } as const;
  const left = supervision.survivors.map(({ pid, command }) => `${pid} ${command}`).join(', ');
  const result: TestRunResult =
    left === ''
      ? { ...common, cause: 'host-lost', detail: 'the runner host ended while the run went on' }
      : {
          ...common,
          cause: 'survivors',
          detail: `the runner host was lost, and of the run could not be killed: ${left}`,
        };
  await removeTmp(spec, record, tools.log);
  await removeScratch(spec, process.env).catch((error: Error) => tools.log(`${spec.worktree}: ${error.message}`));
  return result;
}

export interface SweepTools {
  table: ProcessTable;
  me: ProcessIdentity;
  log: Log;
}

async function sweep(spec: TestRunSpec, record: RunRecord | null, { table, me, log }: SweepTools): Promise<Sweep> {
  const none = { containment: 'none' as const, leaked: 0, survivors: [] };
  if (record === null) return { ...none, cleanliness: 'unchecked' };
  const { host, leader, shim, cookie } = record;
  if (host.host !== me.host) return { ...none, cleanliness: 'unchecked' };
  // Nothing outlives its boot.
  if (host.bootId !== me.bootId) return { ...none, cleanliness: 'clean' };
  if (host.pidNamespace !== me.pidNamespace) return { ...none, cleanliness: 'unchecked' };
  const notBefore = table.ageOf((shim ?? leader ?? host).startTime);
  return sweepLostRun({ cookie, notBefore, shim, leader }, spec.graceMs, { table, log });
}

/** The path comes from a file: only a folder that bears the run's own name is removed. */
async function removeTmp(spec: RunSpec, record: RunRecord | null, log: Log): Promise<void> {
  if (record === null || basename(record.tmp) !== spec.run) return;
  await rm(record.tmp, { recursive: true, force: true }).catch((error: Error) =>
    log(`${record.tmp} left behind: ${error.message}`),
  );
}
