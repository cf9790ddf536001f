import * as z from 'zod/mini';

/** What a job's verdict is judged by, fixed when the run was started; kept with the job so that a later process judges alike. */
export const JobRules = z.strictObject({
  floor: z.nullable(z.int()),
  floorSource: z.string(),
  /** The base branch's commit that the configuration was read from. */
  base: z.string(),
  configHash: z.string(),
});
export type JobRules = z.infer<typeof JobRules>;
