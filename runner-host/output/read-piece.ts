import { cutMarker } from './output-map';
import type { Piece } from './output-source';
import type { Segments } from './segments';
import { incompleteTail, orphanedHead } from './utf8';

/** So many bytes before a piece tell whether it begins within a character. */
const LOOK_BACK = 3;

/** An output of which the bytes from `headBytes` to `headBytes + dropped` are gone. */
export interface KeptOutput {
  total: number;
  headBytes: number;
  dropped: number;
  segments: Segments;
  /** Whether the last character there is will not be completed by what may come. */
  endsWhole: boolean;
  /** The bytes between two offsets, none of them dropped; fewer if there are not so many. */
  bytes(from: number, to: number): Buffer;
}

/** The next at most `max` bytes from `offset` as text, or the mark for what was dropped there; null if there is nothing yet. */
export function readPiece(kept: KeptOutput, offset: number, max: number): Piece | null {
  const { total, headBytes, dropped, segments } = kept;
  if (offset >= total) return null;
  const tailStart = headBytes + dropped;
  const inHead = dropped > 0 && offset < headBytes;
  if (dropped > 0 && !inHead && offset < tailStart) {
    return { offset, next: tailStart, stream: segments.at(tailStart).stream, text: cutMarker(dropped) };
  }
  const { stream, end } = segments.at(offset);
  const limit = Math.min(end, total, offset + max, inHead ? headBytes : Infinity);
  const lead = Math.min(LOOK_BACK, dropped === 0 || inHead ? offset : offset - tailStart);
  const bytes = kept.bytes(offset - lead, limit);
  // What came before the tail is gone: whether a character began there, nobody knows.
  const before = dropped > 0 && offset === tailStart ? null : bytes.subarray(0, lead);
  const open = limit < total ? limit < end : !kept.endsWhole;
  return decode(bytes.subarray(lead), before, open, { offset, stream });
}

/** @param open whether a last character that is not complete is left to the next piece */
function decode(
  bytes: Buffer,
  before: Buffer | null,
  open: boolean,
  { offset, stream }: Pick<Piece, 'offset' | 'stream'>,
): Piece | null {
  if (bytes.length === 0) return null;
  const skipped = orphanedHead(bytes, before);
  const left = open ? incompleteTail(bytes.subarray(skipped)) : 0;
  // A lone beginning is given as it is: holding it back would stop the reader for good.
  if (left > 0 && bytes.length <= skipped + left)
    return { offset, next: offset + bytes.length, stream, text: bytes.toString('utf8', skipped) };
  const text = bytes.toString('utf8', skipped, bytes.length - left);
  return { offset, next: offset + bytes.length - left, stream, text };
}
