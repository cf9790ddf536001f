import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

/**
 * What is read of a CTRF document (ctrf.io, versions 0.0 and 1). Reporters may add keys; those that count are all demanded, and
 * what they hold is closed.
 */
export const CtrfJson = z.looseObject({
  reportFormat: z.optional(z.literal('CTRF')),
  results: z.looseObject({
    tool: z.looseObject({ name: z.string() }),
    summary: z.looseObject({
      tests: count,
      passed: count,
      failed: count,
      pending: count,
      skipped: count,
      other: count,
      flaky: z.optional(count),
    }),
    tests: z.array(
      z.looseObject({
        name: z.string(),
        status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
        duration: z.optional(z.number().check(z.nonnegative())),
        suite: z.optional(z.union([z.string(), z.array(z.string())])),
        filePath: z.optional(z.string()),
        line: z.optional(z.number()),
        message: z.optional(z.string()),
        trace: z.optional(z.string()),
        flaky: z.optional(z.boolean()),
      }),
    ),
  }),
});
export type CtrfJson = z.infer<typeof CtrfJson>;
export type CtrfTest = CtrfJson['results']['tests'][number];
