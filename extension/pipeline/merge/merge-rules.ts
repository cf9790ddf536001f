import * as z from 'zod/mini';
import type { JobRow } from '../../ledger/rows';

/** What a merge job's outcome is judged by, fixed when the run was started; a later process judges alike. */
export const MergeRules = z.strictObject({
  /** The base branch's commit that the configuration was read from. */
  base: z.string(),
  configHash: z.string(),
  demands: z.strictObject({ test: z.boolean(), security: z.boolean(), coverage: z.boolean() }),
});
export type MergeRules = z.infer<typeof MergeRules>;

export function mergeRules(job: Pick<JobRow, 'rules'>): MergeRules {
  return MergeRules.parse(JSON.parse(job.rules));
}
