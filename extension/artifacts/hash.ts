import { createHash } from 'node:crypto';

/** sha256 of the bytes (a text as UTF-8), in lower-case hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
