import type { ArtifactRow, ItemRow, RunRow, VerdictRow } from '../../../extension/ledger/rows';
import type { TransitionRules } from '../../../extension/pipeline/transition';
import { STAGE_NAMES } from '../../../extension/config/project-config';
import type { ReportReading, TestRunResult } from '../../../runner-host/protocol/result';

/** An item at `testing`, fresh. */
export function itemRow(changes: Partial<ItemRow> = {}): ItemRow {
  return {
    id: 'DEMO-1',
    title: 'A title',
    branch: 'work/DEMO-1',
    worktree: '/w/DEMO-1',
    base: 'main',
    base_commit: 'b'.repeat(40),
    stage: 'testing',
    rev: 4,
    created_at: 1,
    developer_retries: 0,
    infra_retries: 0,
    condition: 'ready',
    reason_code: 'added',
    reason: 'added at testing',
    since: 1,
    turn: 'person',
    next_action: 'interlock advance DEMO-1',
    next_at: null,
    ...changes,
  };
}

export function rules(changes: Partial<TransitionRules> = {}): TransitionRules {
  return {
    stages: STAGE_NAMES,
    budgets: { developerRetries: 3, infraRetries: 3 },
    now: 1_000_000,
    random: 0.5,
    actor: 'person:ann',
    ...changes,
  };
}

export const reason = (code: string) => ({ code, text: `because of ${code}`, remedy: '' });

/** A report of `passed` passing cases; the other counts are zero unless given. */
export function readReport(changes: Partial<Extract<ReportReading, { state: 'read' }>> = {}): ReportReading {
  const counts = { passed: 3, failed: 0, errored: 0, skipped: 0, ...changes };
  return {
    state: 'read',
    files: ['report.xml'],
    tests: counts.passed + counts.failed + counts.errored + counts.skipped,
    failures: [],
    ...counts,
  };
}

/** A suite that ran to exit code 0 with three passing tests, tree unchanged. */
export function suiteRan(
  changes: {
    exitCode?: number | null;
    signal?: string | null;
    report?: ReportReading;
    treeAfter?: string | null;
    headAfter?: string | null;
  } = {},
): TestRunResult {
  const { exitCode = 0, signal = null, report = readReport(), treeAfter = 't1', headAfter = 'h1' } = changes;
  return {
    status: 'suite-ran',
    run: 'r0000000a-00000001',
    item: 'DEMO-1',
    kind: 'test',
    supervision: {
      resolvedCommand: ['/usr/bin/true'],
      pid: 4242,
      exitCode,
      signal,
      startedAt: 1,
      durationMs: 10,
      containment: 'sweep',
      cleanliness: 'swept',
      leaked: 0,
      survivors: [],
      outputBytes: 0,
      outputDropped: 0,
    },
    tree: { head: 'h1', tree: 't1', treeAfter, headAfter, changed: treeAfter === 't1' ? [] : ['changed.txt'] },
    report,
  };
}

/** What the ledger holds of a run that gave PASS, and of the artifact that was written for it. */
export function passedRows(facts: {
  id: string;
  stage: string;
  kind: string;
  reason: string;
  producer: string;
  path: string;
}): { run: RunRow; verdict: VerdictRow; artifact: ArtifactRow } {
  const { id, stage, kind, path } = facts;
  const common = { id, item: 'DEMO-1', stage, head: 'h1', tree: 't1' };
  return {
    run: {
      ...{ ...common, kind, status: 'suite-ran', cause: null, detail: null, exit_code: 0, signal: null },
      ...{ result: '{}', started_at: 1, duration_ms: 2, attempt: 1 },
    },
    verdict: {
      ...{ ...common, verdict: 'PASS', reason_code: facts.reason, reason: 'all of 3', producer: facts.producer },
      ...{ base: 'b1', command: '[]', config_hash: 'c', tests: 3, failed: 0, skipped: 0, at: 3 },
    },
    artifact: {
      ...{ id: `${id}/${path.slice(path.lastIndexOf('/') + 1)}`, item: 'DEMO-1', stage },
      ...{ run: id, path, sha256: 'aa', at: 3 },
    },
  };
}
