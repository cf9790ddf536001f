import type { CaseResult } from '../../protocol/result';
import { textPieces } from '../text-pieces';
import { decoderFor } from './decode-xml';
import { JunitParser } from './junit-parser';

/**
 * Reads one JUnit report in pieces. Returns all its cases, or throws `ReportError`: zero bytes, more than 64 MiB, not
 * well-formed, cut off, another kind of document, a document type, or figures that contradict its cases.
 */
export async function readJunit(bytes: AsyncIterable<Buffer>): Promise<CaseResult[]> {
  const parser = new JunitParser();
  for await (const text of textPieces(bytes, decoderFor)) parser.write(text);
  parser.close();
  return parser.cases;
}
