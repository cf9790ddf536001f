import * as z from 'zod/mini';
import { Evidence } from '../artifacts/evidence';
import { TestRules } from './findings/test-rules';

/**
 * What a job's verdict is judged by, fixed when the run was started; kept with the job so that a later process judges alike.
 * Keys that may be missing are so in the rows of older versions.
 */
export const JobRules = z.strictObject({
  floor: z.nullable(z.int()),
  floorSource: z.string(),
  /** The base branch's commit that the configuration was read from. */
  base: z.string(),
  configHash: z.string(),
  /** The commit that the item's changes are counted from. */
  fork: z.optional(z.string()),
  /** Whether a red or endless suite is run on `fork` too, before the item is blamed. */
  redOnBase: z.optional(z.boolean()),
  /** How often a red suite is run again on the same tree before it is decided. */
  rerunFailed: z.optional(z.int()),
  /** Flakes that base's configuration had on record, unexpired, when the run was started. */
  flaky: z.optional(z.array(z.strictObject({ test: z.string(), suite: z.optional(z.string()), until: z.string() }))),
  /** Missing: off. */
  biteMatrix: z.optional(z.enum(['advisory', 'required'])),
  /** By which the item's changes are looked through. */
  testRules: z.optional(TestRules),
  /** The last run that passed and landed when this one was started: the tests by name are held against its own. */
  against: z.optional(z.nullable(z.strictObject({ item: z.string(), run: z.string() }))),
  /** Gathered when the result was there; missing before. */
  evidence: z.optional(Evidence),
});
export type JobRules = z.infer<typeof JobRules>;
