import { open } from 'node:fs/promises';

export interface Tail {
  text: string;
  /** Bytes before the text that were left out. */
  cut: number;
}

/** The last `limit` bytes of a file as text; undefined if there is no such file. */
export async function readTail(path: string, limit: number): Promise<Tail | undefined> {
  let file;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { size } = await file.stat();
    const cut = Math.max(0, size - limit);
    const bytes = Buffer.alloc(size - cut);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, cut);
    return { text: bytes.toString('utf8', 0, bytesRead), cut };
  } finally {
    await file.close();
  }
}
