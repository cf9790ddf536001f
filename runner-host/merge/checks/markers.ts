import * as z from 'zod/mini';
import type { BytePath } from './trees';

export const MARKERS_FOLDER = '.interlock/markers';

const plainPath = z.string().check(
  z.minLength(1),
  z.refine(
    (path) => !path.startsWith('/') && !/[\0\n]/.test(path) && !path.split('/').some((part) => /^\.{0,2}$/.test(part)),
  ),
);

const MarkerRecord = z.strictObject({
  item: z.string().check(z.minLength(1)),
  markers: z.array(
    z.strictObject({
      path: plainPath,
      text: z.string().check(z.refine((text) => text.trim() !== '')),
    }),
  ),
  retired: z.optional(z.string().check(z.refine((reason) => reason.trim() !== ''))),
});

export type MarkerRecord = z.infer<typeof MarkerRecord>;

/** Reads one item's record. The text says what is wrong with it. */
export function readMarkerRecord(path: BytePath, bytes: string): MarkerRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes, 'latin1').toString('utf8'));
  } catch {
    return 'it is no JSON';
  }
  const parsed = MarkerRecord.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'not as it should be'}`;
  }
  const named = Buffer.from(`${MARKERS_FOLDER}/${parsed.data.item}.json`, 'utf8').toString('latin1');
  return path === named ? parsed.data : `it is the record of ${parsed.data.item} and its name says otherwise`;
}

/** As git names it. */
export const bytePath = (path: string): BytePath => Buffer.from(path, 'utf8').toString('latin1');
