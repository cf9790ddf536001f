import * as z from 'zod/mini';

const ObjectId = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/));

/** What is known of an item whose worktree and branch are to be removed. */
export const CleanRequest = z.strictObject({
  repository: z.string().check(z.minLength(1)),
  remote: z.string(),
  base: z.string().check(z.minLength(1)),
  item: z.string().check(z.minLength(1)),
  branch: z.string().check(z.minLength(1)),
  /** Where the ledger says that its worktree is. */
  worktree: z.string().check(z.minLength(1)),
  /** Where the item began. */
  fork: ObjectId,
  /** What the ledger says of its landing; `head`: the item's commit that was landed. */
  landing: z.nullable(z.strictObject({ commit: ObjectId, tree: z.nullable(ObjectId), head: z.nullable(ObjectId) })),
  /** Globs of files that a tool makes again: they may go with the worktree. */
  generated: z.array(z.string()),
  /** Globs of reports on the branch that the ledger holds as well: base need not have them. */
  reports: z.array(z.string()),
  /** False: only says what would be removed, and what is in the way. */
  remove: z.boolean(),
});
export type CleanRequest = z.infer<typeof CleanRequest>;

/** Something in the way; while there is any, nothing is removed. */
export const CleanObstacle = z.strictObject({
  code: z.enum([
    'not-checked',
    'is-base',
    'not-on-base',
    'branch-missing',
    'checked-out-elsewhere',
    'being-rebased',
    'main-worktree',
    'worktree-elsewhere',
    'worktree-unreachable',
    'worktree-locked',
    'worktree-busy',
    'worktree-changed',
    'worktree-moved',
    'process-inside',
    'repository-inside',
    'not-finished',
  ]),
  text: z.string(),
  remedy: z.string(),
});
export type CleanObstacle = z.infer<typeof CleanObstacle>;

export const CleanResult = z.strictObject({
  /** `removable`: it was only asked whether; `removed`: nothing is left of it, also where nothing had been left before. */
  state: z.enum(['removable', 'removed', 'refused']),
  /** The worktree and the branch that were, or would be, removed; null: not there (any more). */
  worktree: z.nullable(z.string()),
  branch: z.nullable(z.string()),
  /** The branch's commit; null: the branch is gone. */
  head: z.nullable(ObjectId),
  /** The ref in the user's repository that keeps the branch's commit: written, or left by an earlier call. */
  backup: z.nullable(z.strictObject({ ref: z.string(), commit: ObjectId })),
  /** How it is known that nothing is lost; null: the branch is gone, or nothing proves it. */
  proof: z.nullable(z.string()),
  /** Generated files and folders that go with the worktree, at most 50. */
  generated: z.array(z.string()),
  obstacles: z.array(CleanObstacle),
});
export type CleanResult = z.infer<typeof CleanResult>;
