import { mkdir, rm } from 'node:fs/promises';
import { stateFolderOf } from '../merge/merge-context';
import { runMergeGate } from '../merge/merge-runner';
import type { ProcessTable } from '../processes/process-table';
import type { RunSupervisor } from '../shim/run-supervisor';
import { plainMap, type OutputMap } from '../output/output-map';
import type { ProcessIdentity } from '../protocol/methods';
import type { RunResult } from '../protocol/runs';
import type { RunContext, RunOutcome } from '../runners/run-context';
import { noVerdict } from './no-verdict';
import { runInScratch } from '../runners/run-in-scratch';
import { runStaging, type StagingTools } from '../staging/run-staging';
import { runTests } from '../runners/test-runner';
import { isDiskFull } from '../runners/judge-end';
import type { Log } from '../supervisor/send-signal';
import type { ActiveRun } from './active-run';
import { persistOutcome } from './persist-outcome';

export interface ExecuteTools {
  table: ProcessTable;
  supervisor: RunSupervisor;
  staging: StagingTools;
  /** This process: who owns the merge gate's lock. */
  me: ProcessIdentity;
  env: NodeJS.ProcessEnv;
  log: Log;
}

/** Executes a run that has its place, from its temporary folder to its result on disk. Never rejects. */
export async function executeRun(
  active: ActiveRun,
  { table, supervisor, staging, me, env, log }: ExecuteTools,
  step: (text: string) => void,
): Promise<{ result: RunResult; persisted: boolean }> {
  const { spec, directory, output } = active;
  active.state = 'running';
  active.startedAt = Date.now();
  const context: RunContext = {
    table,
    supervisor,
    env,
    cookie: active.record.cookie,
    tmp: active.record.tmp,
    scratch: directory.scratch,
    output,
    log: (line) => log(`${spec.run}: ${line}`),
    stop: active.stop,
    onReady: ({ shim, cgroup }) => {
      active.record = { ...active.record, shim: { ...shim, cgroup } };
      // Thrown on: a command that nobody could find again if this host died is not started.
      directory.writeRecordNow(active.record);
    },
    onStarted: (leader) => {
      active.record = { ...active.record, leader };
      try {
        directory.writeRecordNow(active.record);
      } catch (error) {
        // Shim and cookie are on disk already; the run must not fail, or go unwatched, for want of the rest.
        log(`${spec.run}: the leader is not recorded: ${(error as Error).message}`);
      }
    },
    onRemote: () => {
      active.record = { ...active.record, asked: true };
      directory.writeRecordNow(active.record);
    },
    adopted: active.record.asked === true,
    onStep: (state, text) => {
      active.state = state;
      step(text);
    },
  };
  const outcome = await run(active, context, { staging, me });
  let map: OutputMap;
  try {
    map = output.finish();
  } catch (error) {
    log(`${spec.run}: output.log was not finished: ${(error as Error).message}`);
    map = plainMap(output.total - output.dropped);
  }
  await rm(active.record.tmp, { recursive: true, force: true }).catch((error: Error) => log(error.message));
  return persistOutcome(directory, outcome, map, log);
}

async function run(
  active: ActiveRun,
  context: RunContext,
  { staging, me }: Pick<ExecuteTools, 'staging' | 'me'>,
): Promise<RunOutcome> {
  const { spec } = active;
  const failed = (cause: 'cancelled' | 'disk-full' | 'spawn-failed', detail: string): RunOutcome => {
    return { result: noVerdict(spec, active.startedAt ?? Date.now(), cause, detail), cases: null };
  };
  // What goes on elsewhere is ended there first.
  if (active.stop.aborted && !context.adopted) return failed('cancelled', String(active.stop.reason));
  try {
    await mkdir(active.record.tmp, { recursive: true, mode: 0o700 });
    switch (spec.kind) {
      case 'test':
        return await (spec.scratch === undefined ? runTests(spec, context) : runInScratch(spec, context));
      case 'staging':
        return await runStaging(spec, context, staging);
      case 'merge':
        return await runMergeGate(spec, context, stateFolderOf(active.directory.scratch), me);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return failed(isDiskFull(code) ? 'disk-full' : 'spawn-failed', message);
  }
}
