import { readFile, writeFile } from 'node:fs/promises';
import { runGit, type GitCall } from './run-git';

/** Of a repository with some 500,000 files. */
const MOST_INDEX_BYTES = 64 * 1024 * 1024;

/** What the repository's own settings must not change about an index of ours: all of it in one file, names in full, every file looked at. */
export const INDEX_SETTINGS: readonly string[] = [
  'core.splitIndex=false',
  'core.ignoreStat=false',
  'core.trustctime=true',
  'core.checkStat=default',
  'index.version=2',
  'index.sparse=false',
].flatMap((setting) => ['-c', setting]);

/** An index as it is right after it was read from a commit: it knows no file's times, so that git compares every content. */
export interface PristineIndex {
  commit: string;
  bytes: Buffer;
}

/** Reads a commit into the index file. Throws `GitFailure`; null if the index is of a kind that can't be judged by its bytes. */
export async function readPristine(commit: string, index: string, call: GitCall): Promise<PristineIndex | null> {
  await runGit([...INDEX_SETTINGS, 'read-tree', commit], { ...call, variables: { GIT_INDEX_FILE: index } });
  const bytes = await readFile(index);
  // gitformat-index(5): "DIRC" and the version. In version 2 the names stand in full.
  const plain = bytes.subarray(0, 8).equals(Buffer.from('DIRC\0\0\0\x02', 'latin1'));
  return plain && bytes.length <= MOST_INDEX_BYTES ? { commit, bytes } : null;
}

/** Whether the commit may hold one of the paths; false is certain. An entry ends with the last byte of its length (at most 4095), the path and a zero. */
export function mayHold({ bytes }: PristineIndex, paths: readonly string[]): boolean {
  return paths.some((path) => {
    const length = Math.min(Buffer.byteLength(path), 0xfff) & 0xff;
    return bytes.includes(Buffer.concat([Buffer.of(length), Buffer.from(`${path}\0`)]));
  });
}

/**
 * Paths that differ between HEAD, the commit of the index and the worktree, besides ignored files. The index file is made
 * anew from the bytes: whatever was done to one on disk meanwhile counts for nothing. Git leaves in it what it saw.
 */
export async function listDifferences(pristine: PristineIndex, index: string, call: GitCall): Promise<string[]> {
  await writeFile(index, pristine.bytes);
  const listing = await runGit(
    [
      ...INDEX_SETTINGS,
      'status',
      ...['--porcelain=v1', '-z', '--untracked-files=all', '--no-renames'],
      // A submodule counts by its commit, and nothing is run in it.
      '--ignore-submodules=dirty',
    ],
    { ...call, variables: { GIT_INDEX_FILE: index, GIT_OPTIONAL_LOCKS: '1' } },
  );
  // `XY <path>`
  return listing
    .split('\0')
    .filter(Boolean)
    .map((entry) => entry.slice(3));
}
