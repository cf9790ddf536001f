import type { TextDecoder } from 'node:util';
import type { CaseResult } from '../../protocol/result';
import { decoderFor } from './decode-xml';
import { JunitError } from './junit-error';
import { JunitParser } from './junit-parser';

/** Per file. What is larger is not read: a report is text about tests, not a dump. */
export const MOST_REPORT_BYTES = 64 * 1024 * 1024;

/**
 * Reads one JUnit report in pieces. Returns all its cases, or throws `JunitError`: zero bytes, more than 64 MiB, not
 * well-formed, cut off, another kind of document, a document type, or figures that contradict its cases.
 */
export async function readJunit(bytes: AsyncIterable<Buffer>): Promise<CaseResult[]> {
  const parser = new JunitParser();
  let decoder: TextDecoder | undefined;
  let size = 0;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    size += chunk.length;
    if (size > MOST_REPORT_BYTES) throw new JunitError(`larger than ${MOST_REPORT_BYTES} bytes`);
    decoder ??= decoderFor(chunk);
    parser.write(decode(decoder, chunk));
  }
  if (decoder === undefined) throw new JunitError('the file is empty');
  parser.write(decode(decoder));
  parser.close();
  return parser.cases;
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new JunitError(`not valid ${decoder.encoding}`);
  }
}
