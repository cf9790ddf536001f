import * as z from 'zod/mini';
import { seriesParts } from '../../runner-host/protocol/document-series';
import { isPlainPath } from '../git/plain-path';

// The key "merge": how the merge gate takes a tested branch to base.

/** One file, no pattern. */
const file = z.string().check(z.refine((path) => isPlainPath(path) && !/[*?[\]{}()!@+]/.test(path)));
/** Documents of one folder, with their number where the star is: read by the same rule as in the gate. */
const series = z.string().check(z.refine((pattern) => isPlainPath(pattern) && seriesParts(pattern) !== null));
/** Signs that the gate would take as they stand are refused: a rule that is not applied must not look as if it were. */
const glob = z.string().check(
  z.maxLength(200),
  z.regex(/^[^/#\\\s![\]{}][^#\\[\]{}]*$/),
  z.refine((pattern) => isPlainPath(pattern.replaceAll('*', 'x')) && !isSlow(pattern)),
);

/** Each star more multiplies what a long name costs to compare. */
const MOST_STARS = 3;
const isSlow = (pattern: string): boolean =>
  /\*{3}/.test(pattern) ||
  (pattern.match(/\*\*/g) ?? []).length > MOST_STARS ||
  pattern.split('/').some((name) => (name.match(/\*+/g) ?? []).length > MOST_STARS);
const unique = (list: readonly string[]): boolean => new Set(list).size === list.length;

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
    numbered: z._default(z.array(series).check(z.maxLength(50), z.refine(unique)), []),
    generated: z._default(z.array(glob).check(z.maxLength(200)), []),
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
