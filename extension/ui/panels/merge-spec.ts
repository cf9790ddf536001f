import * as z from 'zod/mini';

const Spec = z.object({
  kind: z.literal('merge'),
  base: z.string(),
  remote: z.string(),
  style: z.string(),
  numbered: z.array(z.string()),
  security: z.nullable(z.unknown()),
  coverage: z.nullable(z.object({ floor: z.nullable(z.object({ covered: z.int(), total: z.int() })) })),
});
export type MergeSpec = z.infer<typeof Spec>;

/** What a run of the merge gate was told; null for another runner's specification, or one of an older version. */
export function mergeSpec(spec: string | undefined): MergeSpec | null {
  try {
    return Spec.parse(JSON.parse(spec ?? ''));
  } catch {
    return null;
  }
}
