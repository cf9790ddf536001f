import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { filePosition, outputOffset, OutputMap, type Cut } from '../../runner-host/protocol/output-map';

export interface LogChunk {
  text: string;
  /** Where the output goes on, as an offset in all that the command wrote. */
  next: number;
}

/**
 * The log of a finished run from a byte offset of its output on, chunk by chunk, with a mark for what was cut out.
 * @param folder the run's own
 * @throws if the log is not there or its map cannot be trusted
 */
export async function* readLog(folder: string, from: number): AsyncIterable<LogChunk> {
  const cut = await readCut(folder);
  let position = filePosition(cut, from);
  const decoder = new StringDecoder('utf8');
  for await (const chunk of createReadStream(join(folder, 'output.log'), { start: position })) {
    const bytes = chunk as Buffer;
    position += bytes.length;
    yield { text: decoder.write(bytes), next: outputOffset(cut, position) };
  }
  const rest = decoder.end();
  if (rest !== '') yield { text: rest, next: outputOffset(cut, position) };
}

/** A run whose host was lost has a log without a map, and nothing is cut out of it. */
async function readCut(folder: string): Promise<Cut> {
  try {
    return OutputMap.parse(JSON.parse(await readFile(join(folder, 'output.json'), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { headBytes: Infinity, dropped: 0, markerBytes: 0 };
    }
    throw error;
  }
}
