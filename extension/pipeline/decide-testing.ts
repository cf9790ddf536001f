import { INFRA_CLASS, TestRunResult } from '../../runner-host/protocol/result';
import { leaseStillHeld } from '../ledger/lease';
import type { RunRow, VerdictRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import { acknowledged, holdForFindings } from './findings/hold-for-findings';
import { checkTestsPassed } from './gates/check-tests-passed';
import { JobRules } from './job-rules';
import { judgeTestRun } from './judge';
import type { AdvanceReport, Reason, Verdict } from './outcome';
import { holdIfBlind } from './prove/hold-if-blind';
import { leaseLost, nothingWritten, recordAndReport, refuseVisibly } from './record';
import { renderReport } from './render-report';
import { reportOnBranch } from './report-on-branch';

/** From a settled run to the item's next stage: commits the report, asks the gate, writes the stage. Safe to repeat. */
export async function decideTesting(context: AdvanceContext, run: RunRow): Promise<AdvanceReport> {
  const { ledger } = context.ports;
  const held = await takeUpMeanwhile(context, run);
  if (held) return held;
  const result = TestRunResult.parse(JSON.parse(run.result));
  const job = ledger.read.job(run.id);
  if (!job) throw new Error(`the ledger holds run ${run.id} without its job`);
  const judgement = judgeTestRun(result, JobRules.parse(JSON.parse(job.rules)));
  if (judgement.kind === 'infra') {
    const facts = { run: run.id, result: `infra:${judgement.cause}` };
    const { reason } = judgement;
    switch (INFRA_CLASS[judgement.cause]) {
      case 'cancelled':
        return recordAndReport(context, { type: 'cancelled', run: run.id, reason }, facts);
      case 'transient-infra':
        return recordAndReport(context, { type: 'transient', run: run.id, reason }, facts);
      case 'permanent-env':
        return recordAndReport(context, { type: 'permanent', run: run.id, reason }, facts);
    }
  }
  const verdict = ledger.read.verdict(run.id);
  if (!verdict) throw new Error(`the ledger holds run ${run.id} without its verdict`);
  const commitProblem = await commitReport(context, run, verdict);
  const ended = result.status === 'infra' ? `infra:${result.cause}` : result.status;
  const facts = { run: run.id, result: ended, verdict: judgement.verdict };
  return recordVerdict(context, { run, verdict, reason: judgement.reason, commitProblem }, facts);
}

async function recordVerdict(
  context: AdvanceContext,
  decided: { run: RunRow; verdict: VerdictRow; reason: Reason; commitProblem: Reason | undefined },
  facts: { run: string; result: string; verdict: Verdict },
): Promise<AdvanceReport> {
  const { run, verdict, reason, commitProblem } = decided;
  switch (facts.verdict) {
    case 'FAIL':
      return recordAndReport(context, { type: 'fail', run: run.id, reason }, facts);
    case 'INCONCLUSIVE':
      return recordAndReport(context, { type: 'inconclusive', run: run.id, reason }, facts);
    case 'PASS': {
      if (commitProblem) return refuseVisibly(context, commitProblem, facts);
      const answer = await askGate(context, run, verdict);
      if (!answer.open) return refuseVisibly(context, answer.reason, facts);
      const findings = await holdForFindings(context, facts);
      if (findings) return findings;
      const blind = await holdIfBlind(context, facts);
      if (blind) return blind;
      const passed = { ...answer.reason, text: `${answer.reason.text}${acknowledged(context, run.id)}` };
      return recordAndReport(context, { type: 'pass', verdict: 'PASS', run: run.id, reason: passed }, facts);
    }
  }
}

async function askGate(context: AdvanceContext, run: RunRow, verdict: VerdictRow) {
  const { ledger, git } = context.ports;
  const { item, loaded } = context;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  const tree = tip === null ? '' : await git.treeWithout(tip, artifactsFolder(loaded.config, item.id));
  return checkTestsPassed({
    item: item.id,
    report: await reportOnBranch(context, 'branch'),
    run,
    verdict,
    artifacts: ledger.read.artifacts(item.id),
    tree,
  });
}

/**
 * Puts the report on the branch, if it still stands at the tested tree. A red report that cannot be committed is no reason
 * to keep the item from going back, so only a PASS cares for the problem returned.
 */
async function commitReport(context: AdvanceContext, run: RunRow, verdict: VerdictRow): Promise<Reason | undefined> {
  const { ledger, git } = context.ports;
  const { item, loaded } = context;
  const job = ledger.read.job(run.id);
  const worktree = await git.worktree(item.worktree);
  if (!job || worktree.state !== 'present' || worktree.branch !== item.branch) {
    return {
      code: 'report-not-committed',
      text: `the worktree ${item.worktree} is not at ${item.branch}`,
      remedy: `interlock why ${item.id}`,
    };
  }
  const report = renderReport(loaded.config, item, { job, run, verdict });
  const path = report.path;
  const present = await git.readFile(worktree.head, path);
  if (present?.toString('utf8') === report.text) return undefined;
  if ((await git.treeWithout(worktree.head, artifactsFolder(loaded.config, item.id))) !== verdict.tree) {
    return {
      code: 'forged-or-stale',
      text: `${item.branch} has moved on from the tested tree ${verdict.tree.slice(0, 8)}`,
      remedy: `interlock advance ${item.id} tests the present one`,
    };
  }
  if (!(await leaseStillHeld(ledger, context.lease))) return leaseLost(item.id);
  try {
    await git.commitFile(
      item.worktree,
      path,
      report.text,
      `docs(${item.id}): test report, ${verdict.verdict}`,
      worktree.head,
    );
    return undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    context.onProgress({ kind: 'note', item: item.id, text: `the report was not committed: ${detail}` });
    return {
      code: 'report-not-committed',
      text: `the report could not be committed: ${detail}`,
      remedy: `Then: interlock advance ${item.id}`,
    };
  }
}

/** While the run was going a person may have held or moved the item: their word stands, and the verdict stays on record. */
export async function takeUpMeanwhile(context: AdvanceContext, run: RunRow): Promise<AdvanceReport | undefined> {
  const { ledger } = context.ports;
  await ledger.refresh();
  const now = ledger.read.item(context.item.id);
  if (!now) throw new Error(`the ledger no longer holds ${context.item.id}`);
  context.item = now;
  const hold = ledger.read.hold(now.id);
  if (hold) {
    const reason = { code: hold.code, text: hold.reason, remedy: hold.remedy };
    return nothingWritten(now, 'held', reason, { run: run.id });
  }
  if (now.stage === run.stage) return undefined;
  const reason = {
    code: 'changed-meanwhile',
    text: `${now.id} was moved to ${now.stage} while run ${run.id} was going; its verdict moves nothing`,
    remedy: `interlock report ${now.id} --run ${run.id}`,
  };
  return nothingWritten(now, 'refused', reason, { run: run.id });
}
