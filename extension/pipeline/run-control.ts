import * as z from 'zod/mini';
import { TestRunResult } from '../../runner-host/protocol/result';
import { TestRunSpec } from '../../runner-host/protocol/run-spec';
import { testResult } from '../../runner-host/protocol/runs';
import { leasePrecondition } from '../ledger/lease';
import type { JobRow, RunRow } from '../ledger/rows';
import { acknowledgeResult } from './acknowledge-result';
import type { AdvanceContext } from './context';
import { followRun } from './follow-run';
import { JobRules } from './job-rules';
import type { Reason } from './outcome';
import { lostRace } from './record';
import { runRow } from './run-rows';
import { specKey } from './spec-key';

/** `kind` of the jobs and runs that are no verdict about an item, but what its verdict is held against. */
export const CONTROL = 'control';

const ControlRules = z.strictObject({
  /** Of command and configuration: all but tree and environment that decides how the suite ends. */
  key: z.string(),
});

export type Control = { ok: true; run: string; result: TestRunResult; reused: boolean } | { ok: false; reason: Reason };

/**
 * The item's test command on another commit, in a worktree that the host makes for it: the run on record for the identical
 * tree, command, configuration and environment, else a new one. One that an earlier process left going is taken up.
 */
export async function runControl(
  context: AdvanceContext,
  main: { job: JobRow; result: TestRunResult },
  on: { commit: string; tree: string },
): Promise<Control> {
  const { read } = context.ports.ledger;
  const spec = TestRunSpec.parse(JSON.parse(main.job.spec));
  const key = `${specKey(main.job.spec)} ${JobRules.parse(JSON.parse(main.job.rules)).configHash}`;
  const left = read.openJobs(context.item.id).find((job) => job.kind === CONTROL);
  if (!left) {
    const known = identical(context, { key, tree: on.tree, environment: main.result.environment?.hash });
    if (known) return { ok: true, run: known.id, result: TestRunResult.parse(JSON.parse(known.result)), reused: true };
  }
  const opened = left
    ? { ok: true as const, job: left }
    : await openControl(context, { main: main.job, spec, key, on });
  if (!opened.ok) return opened;
  const result = testResult(await followRun(context, opened.job));
  const settled = await settleControl(context, opened.job, result);
  if (!settled.ok) return settled;
  // What was left over may have been about another tree: then it is on record, and the question is asked again.
  if (left && left.tree !== on.tree) return runControl(context, main, on);
  return { ok: true, run: opened.job.id, result, reused: false };
}

function identical(
  { ports }: AdvanceContext,
  wanted: { key: string; tree: string; environment: string | undefined },
): RunRow | undefined {
  const { read } = ports.ledger;
  return read.controls(wanted.tree).find((run) => {
    const job = read.job(run.id);
    if (run.status !== 'suite-ran' || !job || ControlRules.parse(JSON.parse(job.rules)).key !== wanted.key)
      return false;
    const { environment, tree } = TestRunResult.parse(JSON.parse(run.result));
    return environment?.hash === wanted.environment && tree?.tree === wanted.tree && tree.treeAfter === wanted.tree;
  });
}

async function openControl(
  context: AdvanceContext,
  facts: { main: JobRow; spec: TestRunSpec; key: string; on: { commit: string; tree: string } },
): Promise<{ ok: true; job: JobRow } | { ok: false; reason: Reason }> {
  const { ports, lease, actor, item } = context;
  const { main, spec, key, on } = facts;
  const run = ports.newRunId();
  const scratch: TestRunSpec = {
    ...spec,
    // The service stands for the item's code, not for this commit's.
    smoke: undefined,
    run,
    worktree: `${item.worktree}.${run}`,
    head: on.commit,
    scratch: { from: item.worktree },
  };
  const rules: z.infer<typeof ControlRules> = { key };
  const job: JobRow = {
    id: run,
    item: item.id,
    stage: main.stage,
    kind: CONTROL,
    head: on.commit,
    tree: on.tree,
    spec: JSON.stringify(TestRunSpec.parse(scratch)),
    rules: JSON.stringify(rules),
    created_at: ports.clock.now(),
    settled_at: null,
  };
  const written = await ports.ledger.commit({
    actor,
    event: 'control-started',
    pre: [leasePrecondition(lease), ['jobs', main.id, { settled_at: null }], ['jobs', run, null]],
    put: [['jobs', job]],
  });
  return written.ok ? { ok: true, job } : { ok: false, reason: lostRace(item, written) };
}

async function settleControl(
  context: AdvanceContext,
  job: JobRow,
  result: TestRunResult,
): Promise<{ ok: true } | { ok: false; reason: Reason }> {
  const { ports, lease, actor, item } = context;
  const written = await ports.ledger.commit({
    actor,
    event: 'control-settled',
    pre: [leasePrecondition(lease), ['jobs', job.id, { settled_at: null }], ['runs', job.id, null]],
    put: [
      ['jobs', { ...job, settled_at: ports.clock.now() }],
      ['runs', runRow(job, result, 1)],
    ],
  });
  if (!written.ok) return { ok: false, reason: lostRace(item, written) };
  await acknowledgeResult(context, job.id);
  return { ok: true };
}
