import type { TestRunResult } from '../../runner-host/protocol/result';
import type { JobRow } from '../ledger/rows';
import { askBase } from './ask-base';
import { biteMatrix } from './bite-matrix';
import { compareNames } from './compare-names';
import type { AdvanceContext } from './context';
import type { Evidence } from '../artifacts/evidence';
import { flakyEvidence, isRunAgain } from './flaky-court';
import { findingEvidence, gatherFindings } from './findings/gather-findings';
import { JobRules } from './job-rules';
import { judgeTestRun } from './judge';
import { baseTestsFinding } from './judge-bite';
import type { Reason } from './outcome';

export type Gathered = { ok: true; evidence: Evidence } | { ok: false; reason: Reason };

/**
 * Finds out what the verdict needs besides the result. It may run the suite on other trees; the job stays open meanwhile, so
 * whoever takes it up after a crash comes here again and finds what is on record already.
 */
export async function gatherEvidence(context: AdvanceContext, job: JobRow, result: TestRunResult): Promise<Gathered> {
  const rules = JobRules.parse(JSON.parse(job.rules));
  const evidence: Evidence = {};
  if (rules.fork !== undefined && rules.redOnBase && mayBlameBase(context, job, result, rules)) {
    const asked = await askBase(context, { job, result }, rules.fork);
    if (!asked.ok) return asked;
    evidence.base = asked.base;
  }
  const names = await compareNames(context.ports, job.id, result, rules.against ?? null);
  if (names) evidence.names = names;
  if (result.supervision.exitCode !== 0) return { ok: true, evidence };
  const flaky = flakyEvidence(context.ports.ledger.read, job, result);
  if (flaky) evidence.flaky = flaky;
  return lookThroughChanges(context, { job, result }, { ...rules, evidence });
}

/** What a green suite has to answer for: what the item changed of its judges, and whether its tests prove anything. */
async function lookThroughChanges(
  context: AdvanceContext,
  main: { job: JobRow; result: TestRunResult },
  rules: JobRules & { evidence: Evidence },
): Promise<Gathered> {
  const { fork, testRules, biteMatrix: mode, evidence } = rules;
  if (fork === undefined || !testRules) return { ok: true, evidence };
  const findings = await gatherFindings(context, fork, main.job.head, testRules);
  if (!mode || !wouldPass(main.result, rules))
    return { ok: true, evidence: { ...evidence, findings: findingEvidence(findings) } };
  const bitten = await biteMatrix(context, main, { fork, mode, tests: testRules.tests });
  if (!bitten.ok) return bitten;
  const { bite } = bitten;
  const all = [...findings, ...baseTestsFinding(bite)];
  return { ok: true, evidence: { ...evidence, bite, findings: findingEvidence(all) } };
}

function wouldPass(result: TestRunResult, rules: JobRules): boolean {
  const judgement = judgeTestRun(result, rules);
  return judgement.kind === 'verdict' && judgement.verdict === 'PASS';
}

/** A red suite; or one that did not end in time, when no more retry is left to show that it was the machine. */
function mayBlameBase(context: AdvanceContext, job: JobRow, result: TestRunResult, rules: JobRules): boolean {
  const { item, loaded } = context;
  const judgement = judgeTestRun(result, rules);
  const again = isRunAgain(context.ports.ledger.read, job, result);
  // One that is run again first is asked for then.
  if (judgement.kind === 'verdict') return judgement.verdict === 'FAIL' && !again;
  return judgement.cause === 'timeout' && item.infra_retries + 1 > loaded.config.budgets.infraRetries;
}
