import * as z from 'zod/mini';

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
export type Cut = Pick<OutputMap, 'headBytes' | 'dropped' | 'markerBytes'>;

/** Where in the file the byte at an offset stands, or the mark for the cut in which it was. */
export function filePosition({ headBytes, dropped, markerBytes }: Cut, offset: number): number {
  if (offset < headBytes + dropped) return Math.min(offset, headBytes);
  return offset - dropped + markerBytes;
}

/** The offset of the byte that stands somewhere in the file; within the mark, that of the first byte after the cut. */
export function outputOffset({ headBytes, dropped, markerBytes }: Cut, position: number): number {
  if (position <= headBytes) return position;
  return Math.max(position - markerBytes, headBytes) + dropped;
}
