import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { damaged, diskFull, errnoOf, unsupportedFileSystem } from './failures';
import type { LedgerFiles } from './files';
import { encodeLine, FORMAT_VERSION } from './line-format';

const SEGMENT = /^(\d{6})\.jsonl$/;
const SNAPSHOT = /^snap-\d+\.(db|json)$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.jsonl`;
}

/**
 * The number of the newest segment, 0 for a ledger that was never written.
 * @throws LedgerError `damaged` if one is missing in between: what is left is never taken for the whole
 */
export function newestSegment(files: LedgerFiles, directory: string): number {
  const names = listFolder(files, directory);
  const numbers = names.flatMap((name) => SEGMENT.exec(name)?.[1] ?? []).map(Number);
  const newest = Math.max(0, ...numbers);
  for (let number = 1; number <= newest; number++) {
    if (!numbers.includes(number)) throw damaged(segmentName(number), 'the file is missing');
  }
  const snapshot = newest === 0 ? names.find((name) => SNAPSHOT.test(name)) : undefined;
  if (snapshot) throw damaged(segmentName(1), `the file is missing, though ${snapshot} was made from it`);
  return newest;
}

/** The names in the ledger's folder. Only a folder that surely does not exist is an empty one. */
export function listFolder(files: LedgerFiles, directory: string): string[] {
  try {
    return files.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Makes a segment with its opening line, on disk before it has its name: so a segment that is empty, or begins with anything
 * else, is damage and never a new ledger. Several processes may try at once; they all write the same bytes.
 * @param hash the rolling hash at the end of the segment before
 */
export async function createSegment(
  files: LedgerFiles,
  directory: string,
  number: number,
  hash: string,
): Promise<void> {
  files.makeDirectory(directory);
  const path = join(directory, segmentName(number));
  const draft = `${path}.new-${randomBytes(6).toString('hex')}`;
  const line = encodeLine({ v: FORMAT_VERSION, a: [0, hash], tx: [], open: number });
  const fd = files.open(draft, 'new');
  try {
    const written = files.write(fd, line);
    if (written !== line.length) throw diskFull(`${draft}: ${written} of ${line.length} bytes were taken`);
    await files.sync(fd);
    giveName(files, draft, path);
  } finally {
    files.close(fd);
    files.unlink(draft);
  }
  await flushFolders(files, directory, number);
}

/** Flushes the folders that a segment's name depends on: whoever made it may have died before he did. */
export async function flushFolders(files: LedgerFiles, directory: string, number: number): Promise<void> {
  for (const folder of number === 1 ? [directory, dirname(directory), dirname(dirname(directory))] : [directory]) {
    await files.syncDirectory(folder).catch((error: unknown) => {
      // A folder that may not even be read is not one that was made here.
      if (errnoOf(error) !== 'EACCES') throw error;
    });
  }
}

function giveName(files: LedgerFiles, draft: string, path: string): void {
  try {
    files.link(draft, path);
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'EEXIST') return; // another process was quicker
    // FAT answers EPERM (link(2)); who may make the draft may make a second name for it.
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errno)) {
      throw unsupportedFileSystem(dirname(path), 'a file system without hard links');
    }
    throw error;
  }
}
