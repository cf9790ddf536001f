import type { CleanResult } from '../../../runner-host/protocol/merge-clean';
import type { StagingRunReport, TestRunReport } from '../../../extension/engine';
import type { ItemRow, LeaseRow, RunRow, TransitionRow, VerdictRow } from '../../../extension/ledger/rows';
import type { CaseResult, TestRunResult } from '../../../runner-host/protocol/result';
import type { StagingCheck } from '../../../runner-host/protocol/staging';

/** The fake clock's time in all tests of the terminal, ms since the epoch. */
export const NOW = Date.UTC(2026, 2, 14, 12, 0, 0);
const MINUTE = 60_000;
export const RUN = 'r0abcdefgh-0123abcd';

export function itemRow(over: Partial<ItemRow> = {}): ItemRow {
  return {
    id: 'DEMO-1',
    title: 'Fix the login',
    branch: 'work/DEMO-1',
    worktree: '/repo.worktrees/DEMO-1',
    base: 'main',
    base_commit: 'b'.repeat(40),
    stage: 'testing',
    rev: 2,
    created_at: NOW - 60 * MINUTE,
    developer_retries: 1,
    infra_retries: 0,
    condition: 'ready',
    reason_code: 'moved-on-by-person',
    reason: 'development moved on by cli:Ann, without a gate',
    since: NOW - 3 * MINUTE,
    turn: 'person',
    next_action: 'interlock advance DEMO-1',
    next_at: null,
    ...over,
  };
}

export function leaseRow(over: Partial<LeaseRow> = {}): LeaseRow {
  const identity = { host: 'box', boot_id: 'b', pid_namespace: 'p', pid: 7, start_time: '1' };
  return { item: 'DEMO-1', token: 'SECRET', actor: 'cli:Bob', at: NOW - MINUTE, ...identity, ...over };
}

export function transitionRow(over: Partial<TransitionRow> = {}): TransitionRow {
  return {
    id: 'DEMO-1#2',
    item: 'DEMO-1',
    rev: 2,
    at: NOW - 3 * MINUTE,
    actor: 'cli:Ann',
    from_stage: 'testing',
    to_stage: 'development',
    outcome: 'rolled-back',
    verdict: 'FAIL',
    run: RUN,
    reason_code: 'tests-failed',
    reason: '1 of 3 tests failed (exit code 1)',
    ...over,
  };
}

const CASE: CaseResult = {
  suite: 'login',
  name: 'refuses an empty password',
  outcome: 'failed',
  durationMs: 3,
  file: 'test/login.js',
  line: 12,
  message: 'expected 401, got 200',
  details: 'at login.js:40',
};

export function runResult(failures: CaseResult[] = [CASE]): TestRunResult & { status: 'suite-ran' } {
  const tests = 3;
  return {
    status: 'suite-ran',
    run: RUN,
    item: 'DEMO-1',
    kind: 'test',
    supervision: {
      resolvedCommand: ['/usr/bin/npm', 'test'],
      pid: 4711,
      exitCode: failures.length > 0 ? 1 : 0,
      signal: null,
      startedAt: NOW - 2 * MINUTE,
      durationMs: 12_345,
      containment: 'sweep',
      cleanliness: 'swept',
      leaked: 0,
      survivors: [],
      outputBytes: 100,
      outputDropped: 0,
    },
    tree: {
      head: 'c'.repeat(40),
      tree: 'd'.repeat(40),
      treeAfter: 'd'.repeat(40),
      headAfter: 'c'.repeat(40),
      changed: [],
    },
    report: {
      state: 'read',
      files: ['report.xml'],
      tests,
      passed: tests - failures.length,
      failed: failures.length,
      errored: 0,
      skipped: 0,
      failures,
    },
  };
}

export function runReport(over: Partial<TestRunReport> = {}): TestRunReport {
  const result = runResult();
  const run: RunRow = {
    id: RUN,
    item: 'DEMO-1',
    stage: 'testing',
    kind: 'test',
    status: 'suite-ran',
    cause: null,
    detail: null,
    exit_code: 1,
    signal: null,
    result: JSON.stringify(result),
    head: 'c'.repeat(40),
    tree: 'd'.repeat(40),
    started_at: NOW - 2 * MINUTE,
    duration_ms: 12_345,
    attempt: 1,
  };
  const verdict: VerdictRow = {
    id: RUN,
    item: 'DEMO-1',
    stage: 'testing',
    verdict: 'FAIL',
    reason_code: 'tests-failed',
    reason: '1 of 3 tests failed (exit code 1)',
    producer: 'test-runner',
    head: run.head,
    tree: run.tree,
    base: 'b'.repeat(40),
    command: '["npm","test"]',
    config_hash: 'e'.repeat(64),
    tests: 3,
    failed: 1,
    skipped: 0,
    at: NOW - MINUTE,
  };
  return {
    item: itemRow({ stage: 'development' }),
    run,
    verdict,
    kind: 'test',
    result,
    cases: null,
    movedTo: null,
    log: '/state/runs/x/output.log',
    artifact: '/repo.worktrees/DEMO-1/docs/work-items/DEMO-1/13-test-report.md',
    ...over,
  };
}

/** A green run on a staging host with a waiver that did something. */
export function stagingReport(over: Partial<StagingRunReport> = {}): StagingRunReport {
  const test = runReport();
  if (test.verdict === null) throw new Error('unreachable');
  const failure: CaseResult = {
    suite: 'api',
    name: 'C9a',
    outcome: 'failed',
    durationMs: 1,
    file: null,
    line: null,
    message: 'no GPU',
    details: null,
  };
  return {
    ...test,
    kind: 'staging',
    item: itemRow({ stage: 'merge' }),
    run: { ...test.run, stage: 'deploy-staging', kind: 'staging' },
    verdict: {
      ...test.verdict,
      stage: 'deploy-staging',
      verdict: 'PASS',
      reason_code: 'failures-waived',
      reason: '1 of 3 checks failed (exit code 1), waived: C9a (DEMO-61); REAL failed: none',
      producer: 'staging-runner',
      command: '["./staging_check.sh"]',
    },
    result: {
      status: 'suite-ran',
      run: RUN,
      item: 'DEMO-1',
      kind: 'staging',
      remote: {
        host: 'deploy@staging.example.com:22',
        transport: 'ssh2',
        bootId: 'boot-1',
        exitCode: 1,
        startedAt: NOW - 2 * MINUTE,
        durationMs: 12_345,
        connections: 2,
        survivors: 0,
        leaked: 0,
        oomKills: 0,
        freeBefore: 100_000,
        freeAfter: 99_000,
        outputBytes: 10,
        outputDropped: 0,
      },
      served: { before: 'c'.repeat(40), after: 'c'.repeat(40) },
      report: {
        state: 'read',
        files: ['staging.xml'],
        tests: 3,
        passed: 2,
        failed: 1,
        errored: 0,
        skipped: 0,
        failures: [failure],
      },
    },
    waivers: [{ check: 'C9a', reason: 'no GPU on staging', reference: 'DEMO-61', until: '2099-01-31', use: 'applied' }],
    artifact: '/repo.worktrees/DEMO-1/docs/work-items/DEMO-1/15-staging-log.md',
    ...over,
  };
}

/** A staging host that is ready. */
export function stagingCheck(over: Partial<StagingCheck> = {}): StagingCheck {
  return {
    state: 'ready',
    cause: 'ready',
    host: 'deploy@staging.example.com:22',
    need: null,
    facts: [{ ok: true, text: 'host key SHA256:abc is on file' }],
    ...over,
  };
}

export const cleanResult = (over: Partial<CleanResult> = {}): CleanResult => ({
  state: 'removed',
  worktree: '/repo.worktrees/DEMO-1',
  branch: 'work/DEMO-1',
  head: 'a'.repeat(40),
  backup: { ref: 'refs/interlock/backup/DEMO-1-12345678/aaaaaaaaaaaa', commit: 'a'.repeat(40) },
  proof: 'aaaaaaaa is in the history of origin/main',
  generated: [],
  obstacles: [],
  ...over,
});
