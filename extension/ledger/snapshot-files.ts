import { hash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { errnoOf } from './failures';
import type { LedgerFiles } from './files';
import { MIGRATIONS } from './migrations/migrate';
import { listFolder } from './segment-files';

/** Of the manifest, and of what it means. */
const SNAPSHOT_FORMAT = 1;
const Boundary = z.tuple([z.int(), z.string()]);

const Manifest = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  /** The newest migration of the view, and the sha256 of them all: the tables are surely the same. */
  migration: z.int(),
  tables: z.string(),
  /** Lines with transactions up to the offset, from the first segment on. */
  groups: z.int(),
  segment: z.int(),
  /** The offset in that segment and the rolling hash there: the journal up to here is in the image. */
  byte: z.int(),
  hash: z.string(),
  /** A boundary shortly before: the bytes from here to the offset are checked when the snapshot is used. */
  from: Boundary,
  /** Of the image. */
  sha256: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

export interface Snapshot {
  manifest: Manifest;
  image: Buffer;
}

/** `gone`: dropped meanwhile. `other-version`: not for this version. */
export type SnapshotReading =
  { ok: true; snapshot: Snapshot } | { ok: false; why: 'gone' | 'other-version' | 'damaged' };

const MANIFEST = /^snap-(\d+)\.json$/;
const ANY_FILE = /^snap-(\d+)\.(?:db|json)(\.new-\w+)?$/;
/** How many are kept: the second is for the case that the first is damaged. */
const KEPT = 2;

export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes);
}

export function snapshotPath(directory: string, groups: number, kind: 'db' | 'json'): string {
  return join(directory, `snap-${groups}.${kind}`);
}

/** What a manifest of this version says of the view's tables. */
export function presentTables(): Pick<Manifest, 'format' | 'migration' | 'tables'> {
  return {
    format: SNAPSHOT_FORMAT,
    migration: MIGRATIONS.at(-1)?.number ?? 0,
    tables: sha256(JSON.stringify(MIGRATIONS)),
  };
}

/** The manifest with its own sha256: so one that was damaged is never taken for a word about the journal. */
export function encodeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, check: sha256(JSON.stringify(manifest)) })}\n`;
}

/** The group counts of the snapshots of which both files are there, newest first. Makers and droppers that died leave one. */
export function listSnapshots(files: LedgerFiles, directory: string): number[] {
  const names = listFolder(files, directory);
  const counts = names
    .flatMap((name) => MANIFEST.exec(name)?.[1] ?? [])
    .filter((count) => names.includes(`snap-${count}.db`));
  return counts.map(Number).sort((a, b) => b - a);
}

/**
 * Reads and checks both files. Every failure means that this snapshot is not used, and nothing else.
 * @param meanwhile called while the image is being read, which takes no time of this thread
 */
export async function readSnapshot(
  files: LedgerFiles,
  directory: string,
  groups: number,
  meanwhile?: () => void,
): Promise<SnapshotReading> {
  try {
    const text = (await readWhole(files, snapshotPath(directory, groups, 'json'))).toString();
    const manifest = decodeManifest(text);
    if (manifest === 'other-version') return { ok: false, why: manifest };
    if (manifest.groups !== groups) return { ok: false, why: 'damaged' };
    const image = await readWhole(files, snapshotPath(directory, groups, 'db'), meanwhile);
    if (sha256(image) !== manifest.sha256) return { ok: false, why: 'damaged' };
    return { ok: true, snapshot: { manifest, image } };
  } catch (error) {
    return { ok: false, why: errnoOf(error) === 'ENOENT' ? 'gone' : 'damaged' };
  }
}

/**
 * Drops all but the newest two, and what dead makers left. A maker that is still at work may lose its files by this: it
 * gives up then, and there is a newer snapshot.
 * @param newest the group count of the one that was just made
 */
export function dropOldSnapshots(files: LedgerFiles, directory: string, newest: number): void {
  const kept = new Set(listSnapshots(files, directory).slice(0, KEPT));
  const old = listFolder(files, directory).filter((name) => {
    const [, groups, draft] = ANY_FILE.exec(name) ?? [];
    if (groups === undefined || Number(groups) > newest) return false;
    return draft !== undefined || !kept.has(Number(groups));
  });
  // Manifests first.
  old.sort((a, b) => Number(MANIFEST.test(b)) - Number(MANIFEST.test(a)));
  for (const name of old) {
    try {
      files.unlink(join(directory, name));
    } catch {
      // Another process was quicker, or reads it (Windows): the next one drops it.
    }
  }
}

/** @throws if the text is not what `encodeManifest` makes, to the byte */
function decodeManifest(text: string): Manifest | 'other-version' {
  const present = presentTables();
  const { check: _, ...value } = z.looseObject({ format: z.int(), check: z.string() }).parse(JSON.parse(text));
  if (value.format !== present.format) return 'other-version';
  const manifest = Manifest.parse(value);
  if (encodeManifest(value as Manifest) !== text) throw new Error('the manifest was changed');
  const same = manifest.migration === present.migration && manifest.tables === present.tables;
  return same ? manifest : 'other-version';
}

/** @throws Node's system errors */
async function readWhole(files: LedgerFiles, path: string, meanwhile?: () => void): Promise<Buffer> {
  const fd = files.open(path, 'read');
  try {
    const bytes = Buffer.allocUnsafe(files.stat(fd).size);
    const reading = files.readLater(fd, bytes, 0);
    try {
      meanwhile?.();
    } finally {
      // Its descriptor must not become another file's before it ends.
      await reading.catch(() => undefined);
    }
    return bytes.subarray(0, await reading);
  } finally {
    files.close(fd);
  }
}
