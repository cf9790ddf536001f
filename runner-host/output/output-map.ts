import * as z from 'zod/mini';
import { Segments } from './segments';

/**
 * `output.json` beside a finished output.log: what was cut out, and which stream each stretch came from.
 * Offsets count all that the command wrote; in the file the cut is replaced by `markerBytes` of text.
 */
export const OutputMap = z.strictObject({
  total: z.int(),
  headBytes: z.int(),
  dropped: z.int(),
  markerBytes: z.int(),
  segments: z.strictObject({ first: z.enum(['stdout', 'stderr']), starts: z.array(z.int()) }),
});
export type OutputMap = z.infer<typeof OutputMap>;

/** The map of a log that nothing was cut from and whose streams are not known. */
export function plainMap(total: number): OutputMap {
  return { total, headBytes: total, dropped: 0, markerBytes: 0, segments: new Segments().toJSON() };
}

/** The text that stands for what was cut out. */
export function cutMarker(dropped: number): string {
  return `\n[${dropped} bytes of output are not kept]\n`;
}
