import * as z from 'zod/mini';
import { Waiver } from '../../artifacts/waiver-use';
import type { JobRow } from '../../ledger/rows';

/** What a staging job's verdict is judged by, fixed when the run was started; a later process judges alike. */
export const StagingRules = z.strictObject({
  /** The base branch's commit that the configuration was read from. */
  base: z.string(),
  configHash: z.string(),
  /** The commit that the host must serve, or one of the same content, and whether it was asked what it serves. */
  served: z.strictObject({ asked: z.boolean(), commit: z.string(), sameContent: z.optional(z.array(z.string())) }),
  /** Whether the project has the suite leave a report. */
  report: z.boolean(),
  /** As base has them. */
  waivers: z.array(Waiver),
  /** When the run was started by the clock of the side that decides: by it waivers expire. */
  at: z.int(),
});
export type StagingRules = z.infer<typeof StagingRules>;

export function stagingRules(job: Pick<JobRow, 'rules'>): StagingRules {
  return StagingRules.parse(JSON.parse(job.rules));
}
