import type { TestReportInput } from '../../../extension/artifacts/test-report';
import type { CaseResult, ReportReading, TestRunResult } from '../../../runner-host/protocol/result';

export type SuiteRan = TestRunResult & { status: 'suite-ran' };
export type ReadReport = ReportReading & { state: 'read' };

export const RUN = 'r0mhc1k2z3-0123abcd';

export function readReport(change: Partial<ReadReport> = {}): ReadReport {
  return {
    state: 'read',
    files: ['reports/junit.xml'],
    tests: 12,
    passed: 11,
    failed: 0,
    errored: 0,
    skipped: 1,
    failures: [],
    ...change,
  };
}

export function failedCase(change: Partial<CaseResult> = {}): CaseResult {
  return {
    suite: 'orders',
    name: 'adds tax',
    outcome: 'failed',
    durationMs: 3,
    file: 'test/orders.test.ts',
    line: 14,
    message: 'expected 119, got 100',
    details: 'AssertionError: expected 119, got 100\n    at orders.test.ts:14',
    ...change,
  };
}

export function suiteRan(
  change: Partial<SuiteRan> = {},
  supervision: Partial<TestRunResult['supervision']> = {},
): SuiteRan {
  return {
    status: 'suite-ran',
    run: RUN,
    item: 'DEMO-1',
    kind: 'test',
    supervision: {
      resolvedCommand: ['/usr/bin/npm', 'test', '--', "it's"],
      pid: 4711,
      exitCode: 0,
      signal: null,
      startedAt: 1_700_000_000_000,
      durationMs: 12_345.6,
      containment: 'subreaper',
      cleanliness: 'clean',
      leaked: 0,
      survivors: [],
      outputBytes: 2048,
      outputDropped: 0,
      ...supervision,
    },
    tree: {
      head: 'a'.repeat(40),
      tree: 'b'.repeat(40),
      treeAfter: 'b'.repeat(40),
      headAfter: 'a'.repeat(40),
      changed: [],
    },
    environment: { hash: 'e'.repeat(64), variables: ['CI', 'PATH'], program: '/usr/bin/npm' },
    report: readReport(),
    ...change,
  };
}

export function reportInput(change: Partial<TestReportInput> = {}): TestReportInput {
  return {
    item: { id: 'DEMO-1', title: 'Add tax' },
    result: suiteRan(),
    verdict: 'PASS',
    reason: 'exit code 0 and 11 of 12 tests passed, 1 skipped',
    head: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    base: '1234567890'.repeat(4),
    floor: 10,
    floorSource: 'base (DEMO-0, the last one that landed)',
    producer: 'test-runner',
    ...change,
  };
}
