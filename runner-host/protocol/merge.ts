import * as z from 'zod/mini';
import { seriesParts } from './document-series';
import { MergeOutcome } from './merge-outcome';
import { INFRA_CAUSES, Supervision, TestRunResult } from './result';
import { RunId, TestRunSpec } from './run-spec';

const ObjectId = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/));
const absolutePath = z.string().check(z.minLength(1), z.regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path is needed'));

/** A supervised command of the gate: a test run's specification without what the gate itself fills in. Times in ms. */
export const MergeCommand = z.omit(TestRunSpec, {
  kind: true,
  run: true,
  item: true,
  worktree: true,
  artifacts: true,
  head: true,
  scratch: true,
});
export type MergeCommand = z.infer<typeof MergeCommand>;

/** A person's word that a finding of the checks is meant. Never an agent's: the deciding side sees to that. */
export const MergeWaiver = z.strictObject({
  /** `path` and `lineHash` as the finding has them. */
  path: z.string(),
  lineHash: z.string(),
  by: z.string().check(z.minLength(1)),
  reason: z.string().check(z.minLength(1)),
});
export type MergeWaiver = z.infer<typeof MergeWaiver>;

/** A number of a series (its pattern) that the ledger holds for an item. */
export const MergeReservation = z.strictObject({ series: z.string(), number: z.int(), item: z.string() });
export type MergeReservation = z.infer<typeof MergeReservation>;

export const MergeItem = z.strictObject({
  item: z.string().check(z.minLength(1)),
  title: z.string(),
  /** Without `refs/heads/`, in the user's own repository; on the remote it may be missing. */
  branch: z.string().check(z.minLength(1)),
  /** The reviewed and tested commit: any other head of the branch is HEAD_CHANGED. */
  head: ObjectId,
  /** Where the item began, as the ledger recorded it. */
  fork: ObjectId,
  /** Heads that were kept before a conflict was bounced, oldest first. What they added must be in the candidate, too. */
  anchors: z.array(ObjectId),
  waivers: z.array(MergeWaiver),
});
export type MergeItem = z.infer<typeof MergeItem>;

/** A PASS that the ledger holds. `tree` counts only with `testsIgnoreHistory`. */
export const MergeProof = z.strictObject({
  commit: z.nullable(ObjectId),
  tree: z.nullable(ObjectId),
  key: z.string().check(z.minLength(1)),
});
export type MergeProof = z.infer<typeof MergeProof>;

export const CoverageRule = z.strictObject({
  format: z.enum(['lcov', 'cobertura']),
  /** Relative to the worktree: one file, no pattern. */
  path: z.string().check(z.minLength(1)),
  /** Base's lines; null: not known yet, so only readability is asked for. */
  floor: z.nullable(z.strictObject({ covered: z.int(), total: z.int() })),
  /** Percentage points. */
  maxDrop: z.number().check(z.nonnegative()),
});
export type CoverageRule = z.infer<typeof CoverageRule>;

/** Lands one item, or several in a batch of which only the tip is tested. */
export const MergeRunSpec = z.strictObject({
  kind: z.literal('merge'),
  run: RunId,
  /** The first of `items`. */
  item: z.string().check(z.minLength(1)),
  /** A worktree or the git folder of the user's repository. Read only, but for `cleanup` and where there is no remote. */
  repository: absolutePath,
  /** Name of a remote of the repository; "": the repository's own base branch is the target. */
  remote: z.string(),
  base: z.string().check(z.minLength(1)),
  /** In the order of landing. A batch that is red is halved. */
  items: z.array(MergeItem).check(z.minLength(1), z.maxLength(8)),
  style: z.enum(['merge', 'squash']),
  /** Null: no suite is configured, so nothing is tested and the result says so. */
  test: z.nullable(MergeCommand),
  /** What a PASS is bound to besides the commit: command, configuration, environment. A proof with another key is none. */
  testKey: z.string().check(z.minLength(1)),
  proven: z.array(MergeProof),
  /** The project declares that its tests do not look at git's history: a PASS of the same tree is a proof, too. */
  testsIgnoreHistory: z.boolean(),
  /** A red suite is run on the base's commit as well, before the item is blamed. */
  redOnBase: z.boolean(),
  /** A worktree of the same repository whose installed packages (`node_modules`) the gate's own worktree borrows. */
  packagesFrom: z.nullable(absolutePath),
  /** Run on the item's head before the candidate is built; exit code 0 opens. */
  security: z.nullable(MergeCommand),
  coverage: z.nullable(CoverageRule),
  /** Globs of numbered documents, of generated files that the carry check leaves alone, and the changelog's path. */
  numbered: z.array(z.string().check(z.refine((pattern) => seriesParts(pattern) !== null))),
  reserved: z.array(MergeReservation),
  generated: z.array(z.string()),
  changelog: z.nullable(z.string()),
  /** `empty`: the suite does not need the submodules' files. Else a candidate with submodules is POLICY. */
  submodules: z.enum(['refuse', 'empty']),
  /** How often a lost race is rebuilt and tested again. */
  moves: z.int().check(z.gte(1), z.lte(20)),
  /** Leaves a receipt as a git note on the landed commit (refs/notes/interlock). */
  receipt: z.boolean(),
  /** What is removed once the item has landed, each only with proof. The remote's branch goes with the landing push. */
  cleanup: z.strictObject({
    remoteBranch: z.boolean(),
    localBranch: z.boolean(),
    /** The worktrees that have the items' branches checked out. */
    worktrees: z.boolean(),
  }),
});
export type MergeRunSpec = z.infer<typeof MergeRunSpec>;

/** One command that the gate had run, or a proof in its place. */
export const MergeTest = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ran'), commit: ObjectId, tree: ObjectId, result: TestRunResult }),
  /** A PASS of the same commit (or tree) was known: from the specification, or from the gate's own journal. */
  z.strictObject({
    state: z.literal('proven'),
    commit: ObjectId,
    tree: ObjectId,
    by: z.enum(['commit', 'tree', 'journal']),
  }),
  z.strictObject({ state: z.literal('not-configured') }),
]);
export type MergeTest = z.infer<typeof MergeTest>;

/** What happened to one item. Null is what the gate did not come to. */
export const MergedItem = z.strictObject({
  item: z.string(),
  outcome: MergeOutcome,
  /** Base's commit that the candidate was built on, the item's head, the candidate and its tree. */
  base: z.nullable(ObjectId),
  head: ObjectId,
  candidate: z.nullable(ObjectId),
  tree: z.nullable(ObjectId),
  /** The tested commit. In a batch that is the tip, and the candidate itself was not tested. */
  tip: z.nullable(ObjectId),
  /** The other items of the batch in which it was tested. */
  batch: z.array(z.string()),
  attempts: z.int(),
  test: z.nullable(MergeTest),
  security: z.nullable(MergeTest),
  coverage: z.nullable(z.strictObject({ covered: z.int(), total: z.int() })),
  /** What the checks found and let pass, one line each. */
  warnings: z.array(z.string()),
  /** What became of the branches and worktrees, one line each. */
  cleanup: z.array(z.string()),
});
export type MergedItem = z.infer<typeof MergedItem>;

const common = {
  run: RunId,
  item: z.string(),
  kind: z.literal('merge'),
  /** Of the last command that was run; `outputBytes` counts the whole log. */
  supervision: Supervision,
};

export const MergeRunResult = z.discriminatedUnion('status', [
  /** One entry for each item of the specification, in its order. */
  z.strictObject({ status: z.literal('gate-ended'), ...common, items: z.array(MergedItem) }),
  /** The gate itself did not come to its end: host lost, cancelled, disk full. Starting it again takes up where it was. */
  z.strictObject({ status: z.literal('infra'), ...common, cause: z.enum(INFRA_CAUSES), detail: z.string() }),
]);
export type MergeRunResult = z.infer<typeof MergeRunResult>;
