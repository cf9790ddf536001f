import type { Readable } from 'node:stream';

/** Gathers a stream up to a bound; what comes after it is dropped and `onOverflow` is called. Returns the reader of what is there. */
export function collectBytes(stream: Readable, maxBytes: number, onOverflow: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size > maxBytes) return;
    size += chunk.length;
    if (size > maxBytes) onOverflow();
    else chunks.push(chunk);
  });
  // A reset pipe ends the output; the exit code says whether that matters.
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks);
}
