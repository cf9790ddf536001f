import { livenessOf } from '../ledger/lease';
import type { ItemRow, RunRow, VerdictRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import type { Condition, Turn, Why } from './outcome';

/** Why the item is not moving: from the ledger's rows alone, so that the answer is the same in every window. */
export async function explain(ports: Pick<PipelinePorts, 'ledger' | 'identity'>, id: string): Promise<Why | undefined> {
  const { ledger, identity } = ports;
  await ledger.refresh();
  const { read } = ledger;
  const item = read.item(id);
  if (!item) return undefined;
  const hold = read.hold(id);
  const evidence: string[] = [];
  const run = read.runs(id)[0];
  if (run) evidence.push(lastRun(run, read.verdict(run.id)));
  const job = read.openJobs(id)[0];
  if (job) evidence.push(`run ${job.id} was started and has no result yet`);
  const lease = read.lease(id);
  const liveness = lease ? await livenessOf(identity, lease) : 'dead';
  if (lease) evidence.push(`leased by ${lease.actor}, process ${lease.pid} on ${lease.host} (${liveness})`);
  evidence.push(`developer retries ${item.developer_retries}, infra retries ${item.infra_retries}`);
  evidence.push(`branch ${item.branch}, worktree ${item.worktree}`);
  if (item.condition === 'running' && liveness === 'dead') return orphaned(item, evidence);
  return {
    item: item.id,
    stage: item.stage,
    condition: item.condition as Condition,
    reason: hold
      ? { code: hold.code, text: hold.reason, remedy: hold.remedy }
      : { code: item.reason_code, text: item.reason, remedy: item.next_action },
    since: item.since,
    turn: item.turn as Turn,
    nextAction: item.next_action,
    nextAt: item.next_at,
    evidence,
  };
}

/** The run is the runner host's and goes on; but nobody would act on its result. */
function orphaned(item: ItemRow, evidence: string[]): Why {
  const remedy = `interlock advance ${item.id}`;
  return {
    item: item.id,
    stage: item.stage,
    condition: 'running',
    reason: { code: 'nobody-waits', text: 'a run was started, and the process that waited for it is gone', remedy },
    since: item.since,
    turn: 'person',
    nextAction: `${remedy} takes it up where it stands; so does the next VS Code window that opens.`,
    nextAt: null,
    evidence,
  };
}

function lastRun(run: RunRow, verdict: VerdictRow | undefined): string {
  const end =
    run.status === 'infra'
      ? `infra: ${run.cause}`
      : run.exit_code === null
        ? `signal ${run.signal}`
        : `exit code ${run.exit_code}`;
  const counts =
    verdict && verdict.tests !== null
      ? `, ${verdict.tests} tests, ${verdict.failed} failed, ${verdict.skipped} skipped`
      : '';
  const word = verdict ? `, verdict ${verdict.verdict}: ${verdict.reason}` : run.detail ? `: ${run.detail}` : '';
  return `last run ${run.id}: ${end}${counts}${word}`;
}
