import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openReader } from '../output/open-reader';

const BOUND_MS = 2000;

export interface OutputPipes {
  stdout: Readable;
  stderr: Readable;
  /** The other ends, to be given away. */
  writeEnds: [number, number];
  /** Closes this process's copies of the other ends. */
  release(): void;
  /** Closes this process's ends. */
  destroy(): void;
}

/**
 * Two real pipes. What Node gives to a child as a pipe is a socket, which can't be opened by name: a test suite's
 * `echo text > /dev/stderr` would fail with ENXIO.
 * @param folder private to this user; the names are gone when this returns
 * @returns null where it can't be done (no mkfifo): the caller takes sockets then
 */
export async function openPipes(folder: string): Promise<OutputPipes | null> {
  const name = join(folder, `ilk-${randomBytes(16).toString('hex')}`);
  const paths = [`${name}.out`, `${name}.err`] as const;
  const made = await new Promise<boolean>((resolve) => {
    execFile('mkfifo', ['-m', '600', ...paths], { timeout: BOUND_MS }, (error) => resolve(error === null));
  });
  const opened: number[] = [];
  try {
    if (!made) return null;
    // The reading end first, without waiting for a writer; then the writing end finds its reader.
    const [stdout, stderr] = paths.map((path) => {
      const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      opened.push(read);
      const write = openSync(path, constants.O_WRONLY);
      opened.push(write);
      return { read, write };
    });
    if (stdout === undefined || stderr === undefined) return null;
    const readers = [stdout, stderr].map(({ read }) => openReader(read));
    const [out, err] = readers as [Socket, Socket];
    const writeEnds: [number, number] = [stdout.write, stderr.write];
    return {
      stdout: out,
      stderr: err,
      writeEnds,
      release: () => writeEnds.forEach((fd) => closeSync(fd)),
      destroy: () => readers.forEach((reader) => reader.destroy()),
    };
  } catch {
    for (const fd of opened) closeSync(fd);
    return null;
  } finally {
    for (const path of paths) {
      try {
        unlinkSync(path);
      } catch {
        // Not made.
      }
    }
  }
}
