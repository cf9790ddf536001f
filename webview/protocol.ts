import * as z from 'zod/mini';

/** Grows when a message changes its meaning: a panel that an older version left open is then drawn anew, never misread. */
export const PANEL_VERSION = 1;

/** Which report a panel shows. */
export const PanelTarget = z.strictObject({
  version: z.literal(PANEL_VERSION),
  /** The repository's git common directory. */
  repository: z.string(),
  item: z.string(),
  /** null = always the newest run. */
  run: z.nullable(z.string()),
});
export type PanelTarget = z.infer<typeof PanelTarget>;

/** What a panel leaves with VS Code over a window reload; it comes back as foreign text and is parsed like any other. */
export const PanelState = z.strictObject({ target: PanelTarget, filter: z.string().check(z.maxLength(1000)) });
export type PanelState = z.infer<typeof PanelState>;

/** How something stands; each has its own icon, word and colour. */
export const Tone = z.enum(['pass', 'fail', 'inconclusive', 'infra', 'running', 'none']);
export type Tone = z.infer<typeof Tone>;

/** A piece of a failure's text; with `file` it links into the worktree. Relative path, line from 1. */
export const TextPiece = z.strictObject({
  text: z.string(),
  file: z.optional(z.string()),
  line: z.optional(z.int()),
});
export type TextPiece = z.infer<typeof TextPiece>;

export const FailureView = z.strictObject({
  suite: z.string(),
  name: z.string(),
  outcome: z.enum(['failed', 'errored']),
  duration: z.nullable(z.string()),
  message: z.string(),
  expected: z.nullable(z.string()),
  actual: z.nullable(z.string()),
  details: z.array(TextPiece),
  file: z.nullable(z.string()),
  line: z.nullable(z.int()),
});
export type FailureView = z.infer<typeof FailureView>;

export const FactView = z.strictObject({
  label: z.string(),
  value: z.string(),
  title: z.optional(z.string()),
  /** A sentence rather than a word: it is not cut. */
  wide: z.optional(z.literal(true)),
});
export type FactView = z.infer<typeof FactView>;

/** One of the things that must agree before a gate opens. `unknown` is said, never counted as agreement. */
export const CheckView = z.strictObject({
  label: z.string(),
  value: z.string(),
  state: z.enum(['agrees', 'agrees-on-red', 'disagrees', 'unknown']),
  note: z.string(),
});
export type CheckView = z.infer<typeof CheckView>;

export const AttemptView = z.strictObject({
  run: z.string(),
  tone: Tone,
  word: z.string(),
  when: z.string(),
  note: z.string(),
  shown: z.boolean(),
});
export type AttemptView = z.infer<typeof AttemptView>;

/** What a verdict rests on besides its run, one kind of it. */
export const EvidenceView = z.strictObject({
  label: z.string(),
  value: z.string(),
  lines: z.array(z.string()),
  /** Lines that are left out. */
  more: z.int(),
  /** Unfolded from the start: a person has to look at it. */
  open: z.boolean(),
});
export type EvidenceView = z.infer<typeof EvidenceView>;

const BiteCellView = z.strictObject({
  word: z.string(),
  state: z.enum(['agrees', 'disagrees', 'unknown']),
  note: z.string(),
});

/** Whose tests on whose code; `cells` is null where the item changed no test file. */
export const BiteView = z.strictObject({
  note: z.string(),
  cells: z.nullable(
    z.strictObject({
      baseOnBase: BiteCellView,
      baseOnItem: BiteCellView,
      itemOnBase: BiteCellView,
      itemOnItem: BiteCellView,
    }),
  ),
});
export type BiteView = z.infer<typeof BiteView>;

/** A staging check that may fail, and what it did in this run. */
export const WaiverView = z.strictObject({
  check: z.string(),
  use: z.enum(['applied', 'expired', 'unused', 'ignored']),
  word: z.string(),
  reason: z.string(),
  reference: z.string(),
  until: z.string(),
});
export type WaiverView = z.infer<typeof WaiverView>;

/** One thing that the checks found in the candidate. */
export const MergeFindingView = z.strictObject({
  /** What kind of loss, in words. */
  word: z.string(),
  /** For people; not to be opened: it may be gone. */
  path: z.string(),
  /** The line that is meant, or empty where the whole path is. */
  line: z.string(),
  why: z.string(),
  /** What a person's waiver names; null where none can let it pass. */
  waive: z.nullable(z.string()),
});
export type MergeFindingView = z.infer<typeof MergeFindingView>;

/** A file that both sides changed, with git's marks in its text. */
export const ConflictView = z.strictObject({
  path: z.string(),
  sides: z.string(),
  hunks: z.array(z.strictObject({ line: z.int(), text: z.string() })),
});
export type ConflictView = z.infer<typeof ConflictView>;

/** How a number collision ends mechanically: a document that moves. */
export const RenumberView = z.strictObject({ from: z.string(), to: z.string(), note: z.string() });
export type RenumberView = z.infer<typeof RenumberView>;

/** The commands that a merge report offers besides those of every report. */
export const MergeCommandName = z.enum(['renumber', 'unfreeze-queue', 'verify-commit']);
export type MergeCommandName = z.infer<typeof MergeCommandName>;

export const MergeView = z.strictObject({
  findings: z.array(MergeFindingView),
  moreFindings: z.int(),
  /** What can be done about the findings. */
  findingsNote: z.string(),
  conflicts: z.array(ConflictView),
  moreConflicts: z.int(),
  renumber: z.array(RenumberView),
  /** Lines of the item that follow the moved documents. */
  renumberedLines: z.int(),
  commands: z.array(MergeCommandName),
});
export type MergeView = z.infer<typeof MergeView>;

export const ReportView = z.strictObject({
  kind: z.enum(['test', 'staging', 'merge']),
  item: z.string(),
  title: z.string(),
  run: z.string(),
  strip: z.strictObject({
    tone: Tone,
    word: z.string(),
    sentence: z.string(),
    remedy: z.string(),
    decidedBy: z.enum(['exit-code', 'agent', 'nobody']),
    decided: z.string(),
  }),
  /** What must not be overlooked about where the suite ran. */
  banner: z.nullable(z.string()),
  /** Loud lines above everything else: the branch moved on, a newer run exists, an edited report. */
  warnings: z.array(z.string()),
  facts: z.array(FactView),
  checks: z.array(CheckView),
  counts: z.nullable(
    z.strictObject({
      tests: z.int(),
      passed: z.int(),
      /** Of the passed ones: only when run again. */
      flaky: z.int(),
      failed: z.int(),
      errored: z.int(),
      skipped: z.int(),
    }),
  ),
  failures: z.array(FailureView),
  /** Failures that the list leaves out. */
  moreFailures: z.int(),
  /** Shown in place of the failures when the suite failed and no test is to blame. */
  outside: z.nullable(z.string()),
  waivers: z.array(WaiverView),
  evidence: z.array(EvidenceView),
  bite: z.nullable(BiteView),
  /** What the merge gate found; null for other runs, and where the gate itself did not come to its end. */
  merge: z.nullable(MergeView),
  skipped: z.array(z.strictObject({ suite: z.string(), name: z.string(), message: z.string() })),
  moreSkipped: z.int(),
  /** Passed only when run again. */
  flaky: z.array(z.strictObject({ suite: z.string(), name: z.string() })),
  attempts: z.array(AttemptView),
  /** Name of the report file. */
  artifact: z.nullable(z.string()),
  log: z.boolean(),
});
export type ReportView = z.infer<typeof ReportView>;

export const RunningView = z.strictObject({
  item: z.string(),
  title: z.string(),
  run: z.string(),
  sentence: z.string(),
  banner: z.nullable(z.string()),
  facts: z.array(FactView),
  attempts: z.array(AttemptView),
});
export type RunningView = z.infer<typeof RunningView>;

/** Extension to panel. */
export const ToPanel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('report'), target: PanelTarget, report: ReportView }),
  z.strictObject({ type: z.literal('running'), target: PanelTarget, running: RunningView }),
  /** Nothing to show yet, or no way to: the sentence says which. */
  z.strictObject({ type: z.literal('notice'), target: PanelTarget, heading: z.string(), sentence: z.string() }),
  /** Appended to the log of `run`; `reset` starts it anew. `dropped` = characters left out before this text. */
  z.strictObject({
    type: z.literal('log'),
    run: z.string(),
    reset: z.boolean(),
    dropped: z.int(),
    pieces: z.array(z.strictObject({ stream: z.enum(['stdout', 'stderr']), text: z.string() })),
  }),
]);
export type ToPanel = z.infer<typeof ToPanel>;

/** Panel to extension. Every path is checked again on arrival: the panel shows foreign text. */
export const FromPanel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), version: z.int() }),
  z.strictObject({ type: z.literal('open-file'), file: z.string(), line: z.nullable(z.int()) }),
  z.strictObject({ type: z.literal('show-run'), run: z.string() }),
  z.strictObject({ type: z.literal('copy'), text: z.string().check(z.maxLength(100_000)) }),
  z.strictObject({
    type: z.literal('command'),
    command: z.union([
      z.enum(['advance', 'why', 'show-log', 'open-artifact', 'cancel-run', 'test-explorer', 'check-staging']),
      MergeCommandName,
    ]),
  }),
  /** A finding of the merge gate is to pass: a person is asked for the reason first. */
  z.strictObject({ type: z.literal('waive'), finding: z.string().check(z.maxLength(200)) }),
]);
export type FromPanel = z.infer<typeof FromPanel>;
