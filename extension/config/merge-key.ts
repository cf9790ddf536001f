import * as z from 'zod/mini';
import { isPlainPath } from '../git/plain-path';

// The key "merge": how the merge gate takes a tested branch to base.

/** One file, no pattern. */
const file = z.string().check(z.refine((path) => isPlainPath(path) && !/[*?[\]{}()!@+]/.test(path)));
/** Documents of one folder, with their number where the star is: what the gate's check of numbers reads. */
const series = z.string().check(z.refine((pattern) => /^[^*]*\*[^*/]*$/.test(pattern) && isPlainPath(pattern)));
const glob = z.string().check(
  z.regex(/^[^/#\\\s][^#\\]*$/),
  z.refine((pattern) => !pattern.split('/').includes('..')),
);

export interface SharedMergeKeys<C extends z.ZodMiniType, D extends z.ZodMiniType> {
  command: C;
  timeout: D;
}

export const mergeKey = <C extends z.ZodMiniType, D extends z.ZodMiniType>(shared: SharedMergeKeys<C, D>) =>
  z.strictObject({
    retest: z._default(z.enum(['always-unless-proven', 'always']), 'always-unless-proven'),
    testsIgnoreHistory: z._default(z.boolean(), false),
    timeout: z.optional(shared.timeout),
    batch: z._default(z.int().check(z.gte(1), z.lte(8)), 1),
    style: z._default(z.enum(['merge', 'squash']), 'merge'),
    numbered: z._default(z.array(series), []),
    generated: z._default(z.array(glob), []),
    changelog: z._default(z.nullable(file), null),
    submodules: z._default(z.enum(['refuse', 'empty']), 'refuse'),
    security: z.optional(z.strictObject({ command: shared.command, timeout: z.optional(shared.timeout) })),
    coverage: z.optional(
      z.strictObject({
        report: file,
        format: z._default(z.enum(['lcov', 'cobertura']), 'lcov'),
        maxDrop: z._default(z.number().check(z.gte(0), z.lte(100)), 0),
      }),
    ),
  });
