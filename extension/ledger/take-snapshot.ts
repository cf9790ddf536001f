import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { diskFull, errnoOf } from './failures';
import type { LedgerFiles } from './files';
import type { Replica } from './replica';
import { segmentName } from './segment-files';
import {
  dropOldSnapshots,
  encodeManifest,
  listSnapshots,
  presentTables,
  readSnapshot,
  snapshotPath,
  type Manifest,
} from './snapshot-files';

export interface SnapshotOptions {
  files: LedgerFiles;
  directory: string;
  /** The present replica. */
  replica(): Replica;
}

/** Others may write while the journal is being flushed; what was not flushed must not be in a snapshot. */
const MAX_FLUSHES = 3;
/** The event loop goes on after each of them. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes the view and its place in the journal, if no other process has done so meanwhile. Several may try at once: the
 * first to give a file its name wins, and no file that has its name is ever changed.
 * @param since not wanted if there is a usable snapshot of more groups than this already
 * @returns the group count of the newest snapshot, or null if it was not the moment
 * @throws Node's system errors and LedgerError: nothing is lost by it
 */
export async function takeSnapshot(options: SnapshotOptions, since: number): Promise<number | null> {
  const { files, directory } = options;
  const newest = listSnapshots(files, directory)[0];
  if (newest !== undefined && newest > since && (await readSnapshot(files, directory, newest)).ok) return newest;
  const captured = await capture(options);
  if (!captured) return null;
  const { image, place } = captured;
  const { groups } = place;
  const hash = createHash('sha256');
  const chunks = function* () {
    for (let at = 0; at < image.length; at += CHUNK_BYTES) {
      const chunk = image.subarray(at, at + CHUNK_BYTES);
      hash.update(chunk);
      yield chunk;
    }
  };
  await writeNew(options, snapshotPath(directory, groups, 'db'), chunks());
  const manifest: Manifest = { ...presentTables(), ...place, sha256: hash.digest('hex') };
  await writeNew(options, snapshotPath(directory, groups, 'json'), [Buffer.from(encodeManifest(manifest))]);
  dropOldSnapshots(files, directory, groups);
  return groups;
}

/** The view as it is, at a place up to which the journal is on disk: else a power cut could leave the snapshot alone. */
async function capture({ files, directory, replica }: SnapshotOptions) {
  for (let flush = 0; flush < MAX_FLUSHES; flush++) {
    const { segment } = replica();
    if (!segment) return null;
    // With a descriptor of its own: the kernel tells each of them about a failed write once, and the writer must hear it.
    const fd = files.open(join(directory, segmentName(segment.number)), 'append');
    let flushed: number;
    try {
      flushed = files.stat(fd).size;
      await files.sync(fd);
    } finally {
      files.close(fd);
    }
    const now = replica();
    if (now.fault) return null;
    if (now.segment !== segment || segment.position > flushed) continue;
    const place = {
      groups: now.groups,
      segment: segment.number,
      byte: segment.position,
      hash: segment.hash,
      from: segment.boundaryBefore(),
    };
    return { image: now.view.image(), place };
  }
  return null;
}

/** Gives a file its name when it is on disk. @throws EEXIST if another process was quicker */
async function writeNew(
  { files, directory }: SnapshotOptions,
  path: string,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const draft = `${path}.new-${randomBytes(6).toString('hex')}`;
  const fd = files.open(draft, 'new');
  try {
    for (const chunk of chunks) {
      const written = files.write(fd, chunk);
      if (written !== chunk.length) throw diskFull(`${draft}: ${written} of ${chunk.length} bytes were taken`);
      await setImmediate();
    }
    await files.sync(fd);
    files.link(draft, path);
  } finally {
    files.close(fd);
    dropDraft(files, draft);
  }
  await files.syncDirectory(directory);
}

function dropDraft(files: LedgerFiles, draft: string): void {
  try {
    files.unlink(draft);
  } catch (error) {
    // A quicker maker took it for a dead one's. The file may have its name by then: who gives up now leaves half a snapshot.
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
