import type { ArtifactRow, RunRow, VerdictRow } from '../../ledger/rows';
import type { GateAnswer } from './gate';

export interface TestEvidence {
  item: string;
  /** The report as it stands on the branch: its sha256 and its machine keys, or why those cannot be read. */
  report: { path: string; sha256: string; fields: TestReportFields | { unreadable: string } } | null;
  run: RunRow | undefined;
  verdict: VerdictRow | undefined;
  artifacts: readonly ArtifactRow[];
  /** The branch's present tree without the artifacts folder. */
  tree: string;
}

export interface TestReportFields {
  result: string;
  status: string;
  verdict: string;
  run: string;
}

/**
 * Opens only if a run of the ledger gave PASS, for the branch's present tree, and the report on the branch is byte for byte
 * the one that Interlock wrote for that run, with its three machine keys in agreement.
 */
export function checkTestsPassed(evidence: TestEvidence): GateAnswer {
  const { report, run, verdict } = evidence;
  if (!run || !verdict) {
    return forged(evidence, 'the ledger holds no run for it');
  }
  if (verdict.verdict !== 'PASS' || run.status !== 'suite-ran') {
    return { open: false, reason: { code: verdict.reason_code, text: verdict.reason, remedy: '' } };
  }
  if (verdict.id !== run.id || verdict.item !== evidence.item || run.item !== evidence.item) {
    return forged(evidence, 'its run belongs to another item');
  }
  if (verdict.tree !== evidence.tree || run.tree !== evidence.tree) {
    return forged(
      evidence,
      `it was written for tree ${verdict.tree.slice(0, 8)}, the branch is at tree ${evidence.tree.slice(0, 8)}`,
    );
  }
  if (!report) return forged(evidence, 'it is missing from the branch');
  const written = evidence.artifacts.find((row) => row.run === run.id && row.path === report.path);
  if (!written || written.sha256 !== report.sha256) {
    return forged(evidence, 'its bytes are not those that Interlock wrote');
  }
  if ('unreadable' in report.fields) return forged(evidence, report.fields.unreadable);
  const { result, status, verdict: word, run: named } = report.fields;
  if (result !== 'PASS' || status !== 'PASS' || word !== 'PASS' || named !== run.id) {
    return forged(evidence, 'its machine keys do not agree with the run');
  }
  return { open: true, reason: { code: verdict.reason_code, text: verdict.reason, remedy: '' } };
}

/** A report on the branch that Interlock never wrote, at whatever run; undefined if there is none. */
export function foreignReport(evidence: Pick<TestEvidence, 'item' | 'report' | 'artifacts'>): GateAnswer | undefined {
  const { report } = evidence;
  if (!report || evidence.artifacts.some((row) => row.path === report.path && row.sha256 === report.sha256))
    return undefined;
  return forged(evidence, 'no run of the ledger wrote these bytes');
}

function forged(evidence: Pick<TestEvidence, 'item' | 'report'>, why: string): GateAnswer {
  const path = evidence.report?.path ?? 'the test report';
  return {
    open: false,
    reason: {
      code: 'forged-or-stale',
      text: `${path} does not count as evidence: ${why}`,
      remedy: `Remove it from the branch (git rm ${path}, commit); Interlock writes it again when the suite has run.`,
    },
  };
}
