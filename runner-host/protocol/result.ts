import * as z from 'zod/mini';
import { RunId } from './run-spec';

/**
 * Why a run says nothing about the code. The class decides what follows: `transient-infra` is deferred,
 * `permanent-env` is held at once, `cancelled` costs nothing.
 */
export const INFRA_CLASS = {
  timeout: 'transient-infra',
  'killed-from-outside': 'transient-infra',
  'out-of-memory': 'transient-infra',
  'disk-full': 'transient-infra',
  'host-lost': 'transient-infra',
  'spawn-failed': 'transient-infra',
  'command-not-found': 'permanent-env',
  'not-executable': 'permanent-env',
  'worktree-missing': 'permanent-env',
  'worktree-moved': 'permanent-env',
  /** Git could not say what stands in the worktree: nothing is known about the tree, so nothing was run. */
  'worktree-unreadable': 'permanent-env',
  'report-path-unusable': 'permanent-env',
  survivors: 'permanent-env',
  cancelled: 'cancelled',
} as const satisfies Record<string, 'transient-infra' | 'permanent-env' | 'cancelled'>;

export type InfraCause = keyof typeof INFRA_CLASS;
export type InfraClass = (typeof INFRA_CLASS)[InfraCause];
export const INFRA_CAUSES = Object.keys(INFRA_CLASS) as [InfraCause, ...InfraCause[]];

/** One test case as the report gives it. Texts come from the suite: hostile until shown as plain text. */
export const CaseResult = z.strictObject({
  suite: z.string(),
  name: z.string(),
  outcome: z.enum(['passed', 'failed', 'errored', 'skipped']),
  durationMs: z.nullable(z.number()),
  /** Relative to the worktree, if the report says; `line` counts from 1. */
  file: z.nullable(z.string()),
  line: z.nullable(z.int()),
  message: z.nullable(z.string()),
  details: z.nullable(z.string()),
  /** It failed, was run again by the suite's own tools, and passed. Left out where the report says nothing of it. */
  flaky: z.optional(z.boolean()),
});
export type CaseResult = z.infer<typeof CaseResult>;

export const ReportReading = z.discriminatedUnion('state', [
  /** No report is configured: the exit code stands alone and the count is not proven. */
  z.strictObject({ state: z.literal('not-configured') }),
  z.strictObject({ state: z.literal('missing'), path: z.string() }),
  /** Truncated, malformed, contradicting itself, stale. Never "fewer tests". */
  z.strictObject({ state: z.literal('unreadable'), path: z.string(), reason: z.string() }),
  z.strictObject({
    state: z.literal('read'),
    files: z.array(z.string()),
    tests: z.int(),
    passed: z.int(),
    failed: z.int(),
    errored: z.int(),
    skipped: z.int(),
    /** Of the passed ones: how many are flaky, and the first 20. Left out where none is. */
    flaky: z.optional(
      z.strictObject({ count: z.int(), first: z.array(z.strictObject({ suite: z.string(), name: z.string() })) }),
    ),
    /** At most 200, failed and errored only; all cases are in the run directory's `cases.json`. */
    failures: z.array(CaseResult),
  }),
]);
export type ReportReading = z.infer<typeof ReportReading>;

export const Survivor = z.strictObject({ pid: z.int(), startTime: z.string(), command: z.string() });
export type Survivor = z.infer<typeof Survivor>;

/** What the supervisor knows about the processes of the run once it is over. Same keys for every end. */
export const Supervision = z.strictObject({
  /** The command as it was started: absolute program first. Empty if it never was. */
  resolvedCommand: z.array(z.string()),
  pid: z.nullable(z.int()),
  exitCode: z.nullable(z.int()),
  signal: z.nullable(z.string()),
  startedAt: z.int(),
  durationMs: z.number(),
  containment: z.enum(['subreaper', 'cgroup', 'pid-namespace', 'job-object', 'sweep', 'none']),
  /** `clean`: proven by the kernel. `swept`: a scan found nothing, which is no proof. `dirty`: survivors. `unchecked`: nobody could look. */
  cleanliness: z.enum(['clean', 'swept', 'dirty', 'unchecked']),
  /** Processes still alive when the command itself had ended. */
  leaked: z.int(),
  survivors: z.array(Survivor),
  outputBytes: z.int(),
  /** Bytes cut out of the middle of output.log. */
  outputDropped: z.int(),
});
export type Supervision = z.infer<typeof Supervision>;

/**
 * The worktree before and after the command: commit, and the tree of what is really on disk without the artifacts folder
 * and without the report files that the run itself wrote. Ignored files do not count.
 */
export const TreeProof = z.strictObject({
  head: z.string(),
  tree: z.string(),
  treeAfter: z.nullable(z.string()),
  headAfter: z.nullable(z.string()),
  /** Paths that the run itself changed, at most 50. */
  changed: z.array(z.string()),
});
export type TreeProof = z.infer<typeof TreeProof>;

/** What the command was given besides its tree. Names only: no value leaves the hash. */
export const EnvironmentProof = z.strictObject({
  /** sha256 (hex) over the variables' names and values and the program; the same in every run of an item on one machine. */
  hash: z.string(),
  variables: z.array(z.string()),
  /** Real path of the program; relative where it lies in the worktree. */
  program: z.string(),
});
export type EnvironmentProof = z.infer<typeof EnvironmentProof>;

/** A write to the outside that a run tried. Written down by the run's own processes: hostile until shown as plain text. */
export const GuardEntry = z.strictObject({
  at: z.int(),
  action: z.enum(['blocked', 'allowed']),
  /** A method of HTTP, or CONNECT, UDP, git push. */
  method: z.string(),
  target: z.string(),
  /** Which layer of the guard says so. */
  by: z.string(),
});
export type GuardEntry = z.infer<typeof GuardEntry>;

/** What the write guard refused, and what it let pass to a sandbox. */
export const GuardReading = z.strictObject({
  blocked: z.int(),
  allowed: z.int(),
  /** Lines of the record that are none. */
  unreadable: z.int(),
  /** The first 20. */
  entries: z.array(GuardEntry),
});
export type GuardReading = z.infer<typeof GuardReading>;

/** How a read-only request after a green suite was answered. */
export const SmokeAnswer = z.strictObject({
  url: z.string(),
  /** `wrong`: an answer that is not the expected one. `none`: no answer that could be compared. */
  outcome: z.enum(['right', 'wrong', 'none']),
  detail: z.string(),
  durationMs: z.number(),
});
export type SmokeAnswer = z.infer<typeof SmokeAnswer>;

const common = {
  run: RunId,
  item: z.string(),
  kind: z.literal('test'),
  supervision: Supervision,
  tree: z.nullable(TreeProof),
  /** Left out where the command was never started. */
  environment: z.optional(EnvironmentProof),
  /** Left out where the command was never started. */
  guard: z.optional(GuardReading),
  /** Left out where none is configured, and where the suite was not green. */
  smoke: z.optional(z.array(SmokeAnswer)),
};

export const TestRunResult = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('suite-ran'), ...common, report: ReportReading }),
  z.strictObject({ status: z.literal('infra'), ...common, cause: z.enum(INFRA_CAUSES), detail: z.string() }),
]);
export type TestRunResult = z.infer<typeof TestRunResult>;
