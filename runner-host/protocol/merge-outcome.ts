import * as z from 'zod/mini';
import { INFRA_CAUSES, TestRunResult } from './result';

const ObjectId = z.string();

/** Why the gate could not do its work; says nothing about the item. */
export const MERGE_INFRA_CLASS = {
  'remote-unreachable': 'transient-infra',
  /** The server refused and nothing had moved: its own stale lock, or a fault. */
  'remote-refused': 'transient-infra',
  /** The push ended without an answer, and the remote does not show the landing. */
  'push-unknown': 'transient-infra',
  'git-failed': 'transient-infra',
  'leftover-process': 'transient-infra',
  'disk-full': 'transient-infra',
  'git-too-old': 'permanent-env',
  'no-such-remote': 'permanent-env',
  'no-such-base': 'permanent-env',
  'repository-unreadable': 'permanent-env',
  shallow: 'permanent-env',
  'lfs-missing': 'permanent-env',
  'commit-missing': 'permanent-env',
  /** A supervised command ended as infra: `run` has its result. */
  'command-infra': 'transient-infra',
  cancelled: 'cancelled',
} as const satisfies Record<string, 'transient-infra' | 'permanent-env' | 'cancelled'>;
export type MergeInfraCause = keyof typeof MERGE_INFRA_CLASS;
export const MERGE_INFRA_CAUSES = Object.keys(MERGE_INFRA_CLASS) as [MergeInfraCause, ...MergeInfraCause[]];

/** A part of a file with both sides, as git marks a conflict. Text of the repository: hostile until shown as plain text. */
export const ConflictHunk = z.strictObject({ line: z.int(), text: z.string() });

export const ConflictFile = z.strictObject({
  /** Bytes that are no UTF-8 are shown as \xNN. */
  path: z.string(),
  /** 1 base, 2 main, 3 the item: which sides have the file. */
  stages: z.array(z.int()),
  /** At most 20 of a file; empty where it is no conflict of lines. */
  hunks: z.array(ConflictHunk),
});
export type ConflictFile = z.infer<typeof ConflictFile>;

/** One finding of the checks. */
export const MergeFinding = z.strictObject({
  check: z.enum(['carry', 'numbers', 'markers']),
  kind: z.string(),
  /** Bytes, one character each (latin1): what a waiver names. For people: decode them as UTF-8. */
  path: z.string(),
  side: z.nullable(z.enum(['item', 'main'])),
  /** For people. Empty where the whole path is meant. */
  line: z.string(),
  count: z.int(),
  lineHash: z.string(),
  detail: z.string(),
});
export type MergeFinding = z.infer<typeof MergeFinding>;

/** How the number collisions end mechanically: the item's documents move, and the lines that it added follow. Paths are bytes. */
export const MergeRenumberPlan = z.strictObject({
  yields: z.array(
    z.strictObject({
      series: z.string(),
      from: z.string(),
      to: z.string(),
      oldDigits: z.string(),
      newDigits: z.string(),
      keeps: z.string(),
    }),
  ),
  replacements: z.array(
    z.strictObject({ path: z.string(), lineNumber: z.int(), before: z.string(), after: z.string() }),
  ),
});
export type MergeRenumberPlan = z.infer<typeof MergeRenumberPlan>;

export const POLICY_RULES = [
  'hook-declined',
  'protected-branch',
  /** No remote: git never moves a branch that somebody has checked out. */
  'base-checked-out',
  'submodules',
  'unrelated-histories',
  'several-push-addresses',
] as const;

const text = { detail: z.string(), remedy: z.string() };

export const MergeOutcome = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('LANDED'),
    /** The landed commit of this item; read back from the remote. */
    commit: ObjectId,
    tree: ObjectId,
    remoteBranch: z.enum(['deleted', 'absent', 'kept', 'not-deleted']),
    /** Finished what an earlier gate had pushed before it died. */
    resumed: z.boolean(),
    receipt: z.enum(['written', 'off', 'failed']),
  }),
  /** `preExisting`: base's commit is red in the same way; null: base was not asked or could not say. */
  z.strictObject({
    outcome: z.literal('RED'),
    preExisting: z.nullable(z.boolean()),
    base: z.nullable(TestRunResult),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('TIMEOUT'), of: z.enum(['test', 'security']), timeoutMs: z.int(), ...text }),
  z.strictObject({
    outcome: z.literal('INFRA'),
    class: z.enum(['transient-infra', 'permanent-env', 'cancelled']),
    cause: z.enum(MERGE_INFRA_CAUSES),
    /** The cause of the command's own result, where that is what failed. */
    run: z.nullable(z.enum(INFRA_CAUSES)),
    step: z.string(),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('MOVED'), attempts: z.int(), ...text }),
  z.strictObject({
    outcome: z.literal('LOCK_BUSY'),
    /** `unknown`: another machine or container; never taken for dead. */
    owner: z.enum(['alive', 'unknown']),
    run: z.nullable(z.string()),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('CONFLICT'), files: z.array(ConflictFile), more: z.int(), ...text }),
  z.strictObject({
    outcome: z.literal('HEAD_CHANGED'),
    where: z.enum(['local', 'remote']),
    expected: ObjectId,
    found: z.nullable(ObjectId),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('CARRY_FAIL'), findings: z.array(MergeFinding), more: z.int(), ...text }),
  z.strictObject({
    outcome: z.literal('NUMBER_COLLISION'),
    findings: z.array(MergeFinding),
    more: z.int(),
    plan: z.nullable(MergeRenumberPlan),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('MARKER_LOST'), findings: z.array(MergeFinding), more: z.int(), ...text }),
  /** Nothing is known to be lost, and not all could be looked at: each finding says what. */
  z.strictObject({ outcome: z.literal('UNCHECKED'), findings: z.array(MergeFinding), more: z.int(), ...text }),
  z.strictObject({ outcome: z.literal('EMPTY'), ...text }),
  z.strictObject({ outcome: z.literal('LANDED_BUT_LOST'), paths: z.array(z.string()), ...text }),
  z.strictObject({ outcome: z.literal('ALREADY_LANDED'), commit: ObjectId, ...text }),
  z.strictObject({ outcome: z.literal('POLICY'), rule: z.enum(POLICY_RULES), ...text }),
  z.strictObject({ outcome: z.literal('DIRTY'), changed: z.array(z.string()), ...text }),
  z.strictObject({
    outcome: z.literal('ALARM'),
    expected: z.strictObject({ commit: ObjectId, tree: ObjectId }),
    /** Base's tip as the remote shows it. */
    found: z.strictObject({ commit: z.nullable(ObjectId), tree: z.nullable(ObjectId) }),
    ...text,
  }),
  z.strictObject({
    outcome: z.literal('SECURITY'),
    exitCode: z.nullable(z.int()),
    signal: z.nullable(z.string()),
    ...text,
  }),
  z.strictObject({
    outcome: z.literal('COVERAGE_DROP'),
    covered: z.int(),
    total: z.int(),
    floor: z.strictObject({ covered: z.int(), total: z.int() }),
    maxDrop: z.number(),
    ...text,
  }),
  z.strictObject({ outcome: z.literal('COVERAGE_UNREADABLE'), path: z.string(), ...text }),
]);
export type MergeOutcome = z.infer<typeof MergeOutcome>;
export type MergeOutcomeName = MergeOutcome['outcome'];
