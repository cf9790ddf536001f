import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** An environment may have 2 MB (Linux: a quarter of the stack limit); more than this is no message of ours. */
const LONGEST_LINE = 16 * 1024 * 1024;

export interface LineListener {
  onLine(line: string): void;
  /** Once: the stream has ended, broken, or sent a line without end. */
  onEnd(): void;
}

/** Splits a stream at line feeds. A last line without one is dropped: it is a message that was cut. */
export function readLines(stream: Readable, { onLine, onEnd }: LineListener): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    onEnd();
  };
  stream.on('data', (chunk: Buffer) => {
    if (over) return;
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) return end();
    for (const line of lines) onLine(line);
  });
  stream.on('end', end);
  stream.on('error', end);
  stream.on('close', end);
}

export function toLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}
