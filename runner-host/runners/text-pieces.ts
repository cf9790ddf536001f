import type { TextDecoder } from 'node:util';
import { ReportError } from './report-error';
import { MOST_REPORT_BYTES } from './report-limits';

/**
 * The text of a report, in pieces. Throws `ReportError`: zero bytes, more than `MOST_REPORT_BYTES`, or bytes that the encoding
 * does not allow.
 * @param decoderFor makes the (fatal) decoder from the first bytes
 */
export async function* textPieces(
  bytes: AsyncIterable<Buffer>,
  decoderFor: (head: Buffer) => TextDecoder,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let size = 0;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    size += chunk.length;
    if (size > MOST_REPORT_BYTES) throw new ReportError(`larger than ${MOST_REPORT_BYTES} bytes`);
    decoder ??= decoderFor(chunk);
    yield decode(decoder, chunk);
  }
  if (decoder === undefined) throw new ReportError('the file is empty');
  yield decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new ReportError(`not valid ${decoder.encoding}`);
  }
}
