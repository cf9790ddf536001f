import type { ArtifactRow, RunRow, VerdictRow } from '../../ledger/rows';
import type { GateAnswer } from './gate';

/** An artifact as it stands on the branch: its sha256 and its machine keys, or why those cannot be read. */
export interface DocumentEvidence<F> {
  path: string;
  sha256: string;
  fields: F | { unreadable: string };
}

export interface RunEvidence<F> {
  item: string;
  report: DocumentEvidence<F> | null;
  run: RunRow | undefined;
  verdict: VerdictRow | undefined;
  artifacts: readonly ArtifactRow[];
  /** The branch's present tree without the artifacts folder. */
  tree: string;
}

/** What a gate demands besides what all gates of runners have in common. */
export interface Demands<F> {
  /** Kind of the run that alone can open it. */
  kind: string;
  /** What the artifact is called where there is none, e.g. `the test report`. */
  name: string;
  /** Whether the machine keys say the same as a PASS. */
  agrees(fields: F): boolean;
}

/**
 * Opens only if a run of the ledger gave PASS, for the branch's present tree, and the artifact on the branch is byte for byte
 * the one that Interlock wrote for that run, with its machine keys in agreement.
 */
export function checkProvenance<F extends { run: string }>(evidence: RunEvidence<F>, demands: Demands<F>): GateAnswer {
  const { report, run, verdict } = evidence;
  const closed = (why: string): GateAnswer => forged(evidence, demands.name, why);
  if (!run || !verdict) return closed('the ledger holds no run for it');
  if (verdict.verdict !== 'PASS' || run.status !== 'suite-ran') {
    return { open: false, reason: { code: verdict.reason_code, text: verdict.reason, remedy: '' } };
  }
  if (verdict.id !== run.id || verdict.item !== evidence.item || run.item !== evidence.item) {
    return closed('its run belongs to another item');
  }
  if (run.kind !== demands.kind || run.stage !== verdict.stage) return closed(`its run is no ${demands.kind} run`);
  if (verdict.tree !== evidence.tree || run.tree !== evidence.tree) {
    return closed(
      `it was written for tree ${verdict.tree.slice(0, 8)}, the branch is at tree ${evidence.tree.slice(0, 8)}`,
    );
  }
  if (!report) return closed('it is missing from the branch');
  const written = evidence.artifacts.find((row) => row.run === run.id && row.path === report.path);
  if (!written || written.sha256 !== report.sha256) return closed('its bytes are not those that Interlock wrote');
  if (isUnreadable(report.fields)) return closed(report.fields.unreadable);
  if (report.fields.run !== run.id || !demands.agrees(report.fields)) {
    return closed('its machine keys do not agree with the run');
  }
  return { open: true, reason: { code: verdict.reason_code, text: verdict.reason, remedy: '' } };
}

function isUnreadable(fields: object): fields is { unreadable: string } {
  return 'unreadable' in fields;
}

/** An artifact on the branch that Interlock never wrote, at whatever run; undefined if there is none. */
export function foreignReport(
  evidence: Pick<RunEvidence<unknown>, 'item' | 'report' | 'artifacts'>,
): (GateAnswer & { open: false }) | undefined {
  const { report } = evidence;
  if (!report || evidence.artifacts.some((row) => row.path === report.path && row.sha256 === report.sha256))
    return undefined;
  return forged(evidence, report.path, 'no run of the ledger wrote these bytes');
}

function forged(
  { report }: Pick<RunEvidence<unknown>, 'report'>,
  name: string,
  why: string,
): GateAnswer & { open: false } {
  const path = report?.path ?? name;
  return {
    open: false,
    reason: {
      code: 'forged-or-stale',
      text: `${path} does not count as evidence: ${why}`,
      remedy: `Remove it from the branch (git rm ${path}, commit); Interlock writes it again when the suite has run.`,
    },
  };
}
