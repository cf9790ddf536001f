import { TextDecoder } from 'node:util';
import { ReportError } from '../report-error';

/** How far the declaration is looked for. */
const HEAD_BYTES = 256;

/** The decoder for a document by its byte order mark or declaration; UTF-8 without either. It throws on invalid bytes. */
export function decoderFor(head: Uint8Array): TextDecoder {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be', { fatal: true });
  const start = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  const label = /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new ReportError(`unknown encoding "${label}"`);
  }
}
