import { RunResult } from '../../runner-host/protocol/runs';
import type { JobRow, RunRow, VerdictRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import { commitReport } from './commit-report';
import type { AdvanceContext } from './context';
import type { GateAnswer } from './gates/gate';
import type { Judgement } from './judgement';
import type { AdvanceReport, Reason } from './outcome';
import { recordAndReport, refuseVisibly } from './record';
import { reportOnBranch } from './report-on-branch';
import type { DecidedFacts, RunnerStage } from './runner-stage';
import { takeUpMeanwhile } from './take-up-meanwhile';

/** From a settled run to the item's next stage: commits the report, asks the gate, writes the stage. Safe to repeat. */
export async function decideRun<F extends { run: string }>(
  context: AdvanceContext,
  stage: RunnerStage<F>,
  run: RunRow,
): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  const held = await takeUpMeanwhile(context, run);
  if (held) return held;
  const result = RunResult.parse(JSON.parse(run.result));
  const job = ledger.read.job(run.id);
  if (!job) throw new Error(`the ledger holds run ${run.id} without its job`);
  const judgement = stage.judge(result, job);
  if (judgement.kind === 'infra') return recordInfra(context, run, judgement);
  const verdict = ledger.read.verdict(run.id);
  if (!verdict) throw new Error(`the ledger holds run ${run.id} without its verdict`);
  const report = stage.render(context.loaded.config, context.item, { job, run, verdict });
  const commitProblem = await commitReport(context, report, { noun: stage.noun, verdict });
  const ended = result.status === 'infra' ? `infra:${result.cause}` : result.status;
  const facts: DecidedFacts = { run: run.id, result: ended, verdict: judgement.verdict };
  switch (judgement.verdict) {
    case 'FAIL':
      return recordAndReport(context, { type: 'fail', run: run.id, reason: judgement.reason }, facts);
    case 'INCONCLUSIVE':
      return recordAndReport(context, { type: 'inconclusive', run: run.id, reason: judgement.reason }, facts);
    case 'PASS':
      return pass(context, stage, { job, run, verdict, commitProblem }, facts);
  }
}

/** A fault of machine or network: the item is not blamed. */
function recordInfra(
  context: AdvanceContext,
  run: RunRow,
  judgement: Judgement & { kind: 'infra' },
): Promise<AdvanceReport> {
  const facts = { run: run.id, result: `infra:${judgement.cause}` };
  const { reason } = judgement;
  switch (judgement.class) {
    case 'cancelled':
      return recordAndReport(context, { type: 'cancelled', run: run.id, reason }, facts);
    case 'transient-infra':
      return recordAndReport(context, { type: 'transient', run: run.id, reason }, facts);
    case 'permanent-env':
    case 'held':
      return recordAndReport(context, { type: 'permanent', run: run.id, reason }, facts);
  }
}

async function pass<F extends { run: string }>(
  context: AdvanceContext,
  stage: RunnerStage<F>,
  decided: { job: JobRow; run: RunRow; verdict: VerdictRow; commitProblem: Reason | undefined },
  facts: DecidedFacts,
): Promise<AdvanceReport> {
  const { run, verdict, commitProblem } = decided;
  if (commitProblem) return refuseVisibly(context, commitProblem, facts);
  const answer = await askGate(context, stage, run, verdict);
  if (!answer.open) return refuseVisibly(context, answer.reason, facts);
  const held = await stage.holdPass(context, facts);
  if (held) return held;
  const reason = { ...answer.reason, text: `${answer.reason.text}${stage.passNote(context, run.id)}` };
  return recordAndReport(context, { type: 'pass', verdict: 'PASS', run: run.id, reason }, facts);
}

async function askGate<F extends { run: string }>(
  context: AdvanceContext,
  stage: RunnerStage<F>,
  run: RunRow,
  verdict: VerdictRow,
): Promise<GateAnswer> {
  const { ledger, git } = context.ports;
  const { item, loaded } = context;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  const tree = tip === null ? '' : await git.treeWithout(tip, artifactsFolder(loaded.config, item.id));
  return stage.gate({
    item: item.id,
    report: await reportOnBranch(context, stage.artifact, 'branch'),
    run,
    verdict,
    artifacts: ledger.read.artifacts(item.id),
    tree,
  });
}
