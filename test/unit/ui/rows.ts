import type { StagingRunReport, TestRunReport } from '../../../extension/engine';
import type { LedgerReads } from '../../../extension/ledger/ledger';
import type {
  ArtifactRow,
  HoldRow,
  ItemRow,
  JobRow,
  QueueRow,
  RunRow,
  TransitionRow,
  VerdictRow,
} from '../../../extension/ledger/rows';
import type { CaseResult, TestRunResult } from '../../../runner-host/protocol/result';
import type { RemoteSupervision, StagingRunResult } from '../../../runner-host/protocol/staging';

export const MINUTE = 60_000;
export const NOW = new Date(2026, 2, 14, 12, 0, 0).getTime();
export const REPOSITORY = '/repo/.git';

export function runId(number: number): string {
  return `r0abcdef${number}-0123abcd`;
}

export function anItem(over: Partial<ItemRow> = {}): ItemRow {
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
    developer_retries: 0,
    infra_retries: 0,
    condition: 'ready',
    reason_code: 'moved-on-by-person',
    reason: 'review moved on by person:Ann, without a gate',
    since: NOW - 3 * MINUTE,
    turn: 'person',
    next_action: 'interlock advance DEMO-1',
    next_at: null,
    ...over,
  };
}

export function aTransition(over: Partial<TransitionRow> = {}): TransitionRow {
  const row = {
    id: '',
    item: 'DEMO-1',
    rev: 2,
    at: NOW - 3 * MINUTE,
    actor: 'person:Ann',
    from_stage: 'testing',
    to_stage: 'development',
    outcome: 'rolled-back',
    verdict: 'FAIL',
    run: runId(1),
    reason_code: 'tests-failed',
    reason: '1 of 3 tests failed (exit code 1), first: adds',
    ...over,
  };
  return { ...row, id: `${row.item}#${row.rev}` };
}

export function aRun(over: Partial<RunRow> = {}): RunRow {
  return {
    id: runId(1),
    item: 'DEMO-1',
    stage: 'testing',
    kind: 'test',
    status: 'suite-ran',
    cause: null,
    detail: null,
    exit_code: 1,
    signal: null,
    result: '{}',
    head: 'c'.repeat(40),
    tree: 'd'.repeat(40),
    started_at: NOW - 5 * MINUTE,
    duration_ms: 2_100,
    attempt: 1,
    ...over,
  };
}

export function aVerdict(over: Partial<VerdictRow> = {}): VerdictRow {
  return {
    id: runId(1),
    item: 'DEMO-1',
    stage: 'testing',
    verdict: 'FAIL',
    reason_code: 'tests-failed',
    reason: '1 of 3 tests failed (exit code 1), first: adds',
    producer: 'test-runner',
    head: 'c'.repeat(40),
    tree: 'd'.repeat(40),
    base: 'b'.repeat(40),
    command: '["npm","test"]',
    config_hash: 'e'.repeat(64),
    tests: 3,
    failed: 1,
    skipped: 0,
    at: NOW - 4 * MINUTE,
    ...over,
  };
}

export function aJob(over: Partial<JobRow> = {}): JobRow {
  return {
    id: runId(9),
    item: 'DEMO-1',
    stage: 'testing',
    kind: 'test',
    head: 'c'.repeat(40),
    tree: 'd'.repeat(40),
    spec: '{}',
    rules: '{"floor":1,"floorSource":"the least there can be","base":"b","configHash":"e"}',
    created_at: NOW - MINUTE,
    settled_at: null,
    ...over,
  };
}

export function anArtifact(over: Partial<ArtifactRow> = {}): ArtifactRow {
  return {
    id: `${runId(1)}/13-test-report.md`,
    item: 'DEMO-1',
    stage: 'testing',
    run: runId(1),
    path: 'docs/work-items/DEMO-1/13-test-report.md',
    sha256: 'a'.repeat(64),
    at: NOW - 4 * MINUTE,
    ...over,
  };
}

export function aCase(over: Partial<CaseResult> = {}): CaseResult {
  return {
    suite: 'sums',
    name: 'adds',
    outcome: 'failed',
    durationMs: 3,
    file: 'test/sum.test.js',
    line: 12,
    message: 'expected 2 to equal 3',
    details: null,
    ...over,
  };
}

type Ran = TestRunResult & { status: 'suite-ran' };

export function aResult(over: Partial<Ran['supervision']> = {}, report?: Ran['report']): Ran {
  return {
    status: 'suite-ran',
    run: runId(1),
    item: 'DEMO-1',
    kind: 'test',
    supervision: {
      resolvedCommand: ['/usr/bin/npm', 'test'],
      pid: 4711,
      exitCode: 1,
      signal: null,
      startedAt: NOW - 5 * MINUTE,
      durationMs: 2_100,
      containment: 'sweep',
      cleanliness: 'swept',
      leaked: 0,
      survivors: [],
      outputBytes: 100,
      outputDropped: 0,
      ...over,
    },
    tree: {
      head: 'c'.repeat(40),
      tree: 'd'.repeat(40),
      treeAfter: 'd'.repeat(40),
      headAfter: 'c'.repeat(40),
      changed: [],
    },
    report: report ?? {
      state: 'read',
      files: ['report.xml'],
      tests: 3,
      passed: 2,
      failed: 1,
      errored: 0,
      skipped: 0,
      failures: [aCase()],
    },
  };
}

export function anInfraResult(cause: (TestRunResult & { status: 'infra' })['cause'], detail: string): TestRunResult {
  const { run, item, kind, supervision, tree } = aResult({ exitCode: null });
  return { status: 'infra', run, item, kind, supervision, tree, cause, detail };
}

export function aReport(over: Partial<TestRunReport> = {}): TestRunReport {
  return {
    kind: 'test',
    item: anItem({ stage: 'development', condition: 'waiting' }),
    run: aRun(),
    verdict: aVerdict(),
    result: aResult(),
    cases: null,
    movedTo: null,
    log: '/repo/.git/interlock/runs/x/output.log',
    artifact: '/repo.worktrees/DEMO-1/docs/work-items/DEMO-1/13-test-report.md',
    ...over,
  };
}

type StagingRan = StagingRunResult & { status: 'suite-ran' };

export function aRemote(over: Partial<RemoteSupervision> = {}): RemoteSupervision {
  return {
    host: 'deploy@staging.example.com:22',
    transport: 'ssh2',
    bootId: 'b0',
    exitCode: 0,
    startedAt: NOW - 5 * MINUTE,
    durationMs: 2_100,
    connections: 1,
    survivors: 0,
    leaked: 0,
    oomKills: 0,
    freeBefore: 4_000_000,
    freeAfter: 4_000_000,
    outputBytes: 100,
    outputDropped: 0,
    ...over,
  };
}

export function aStagingResult(over: Partial<RemoteSupervision> = {}, more: Partial<StagingRan> = {}): StagingRan {
  return {
    status: 'suite-ran',
    run: runId(1),
    item: 'DEMO-1',
    kind: 'staging',
    remote: aRemote(over),
    served: null,
    report: { state: 'not-configured' },
    ...more,
  };
}

export function aStagingInfra(kind: 'transient-infra' | 'permanent-env' | 'held' | 'cancelled', cause: string) {
  const { run, item, remote, served } = aStagingResult({ exitCode: null });
  return { status: 'infra', run, item, kind: 'staging', remote, served, class: kind, cause, detail: '' } as const;
}

export function aStagingReport(over: Partial<StagingRunReport> = {}): StagingRunReport {
  const { item, run, verdict, cases, movedTo, log } = aReport();
  return {
    kind: 'staging',
    item: { ...item, stage: 'merge' },
    run: { ...run, stage: 'deploy-staging', kind: 'staging', exit_code: 0 },
    verdict: verdict && { ...verdict, stage: 'deploy-staging', verdict: 'PASS', producer: 'staging-runner' },
    result: aStagingResult(),
    cases,
    movedTo,
    log,
    artifact: '/repo.worktrees/DEMO-1/docs/work-items/DEMO-1/15-staging-log.md',
    waivers: [],
    ...over,
  };
}

export interface Rows {
  items?: ItemRow[];
  /** Oldest first. */
  transitions?: TransitionRow[];
  jobs?: JobRow[];
  /** Newest first. */
  runs?: RunRow[];
  verdicts?: VerdictRow[];
  artifacts?: ArtifactRow[];
  holds?: HoldRow[];
  queues?: QueueRow[];
}

/** The questions of the ledger, answered from given rows. */
export function readsOf(rows: Rows): LedgerReads {
  const {
    items = [],
    transitions = [],
    jobs = [],
    runs = [],
    verdicts = [],
    artifacts = [],
    holds = [],
    queues = [],
  } = rows;
  const of = <R extends { item: string }>(all: R[], item: string | undefined): R[] =>
    all.filter((row) => item === undefined || row.item === item);
  return {
    items: () => [...items],
    item: (id) => items.find((row) => row.id === id),
    transitions: (item) => of(transitions, item),
    job: (run) => jobs.find((row) => row.id === run),
    openJobs: (item) => of(jobs, item).filter((row) => row.settled_at === null),
    run: (id) => runs.find((row) => row.id === id),
    runs: (item) => of(runs, item),
    controls: () => [],
    verdict: (run) => verdicts.find((row) => row.id === run),
    verdicts: (item) => of(verdicts, item),
    artifacts: (item) => of(artifacts, item),
    lease: () => undefined,
    leases: () => [],
    hold: (item) => holds.find((row) => row.item === item),
    switches: () => [],
    alerts: () => [],
    anchor: () => undefined,
    waivers: () => [],
    reservations: () => [],
    queue: (base) => queues.find((row) => row.base === base),
    landings: () => [],
    ratchet: () => undefined,
  };
}
