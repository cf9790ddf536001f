import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { writeDurably } from '../registry/write-durably';
import type { Log } from '../supervisor/send-signal';

/** A note that is to be put on a commit once the target shows that commit. */
const PendingNote = z.strictObject({
  version: z.literal(1),
  /** The target's address, and its base branch without `refs/heads/`. */
  url: z.string(),
  base: z.string(),
  item: z.string(),
  commit: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)),
  note: z.string(),
});
export type PendingNote = z.infer<typeof PendingNote>;

const folderOf = (gateFolder: string): string => join(gateFolder, 'receipts');
const fileOf = (gateFolder: string, commit: string): string => join(folderOf(gateFolder), `${commit}.json`);

/** Written before the push: a gate that is killed after it, or whose note is refused, has not forgotten what it knew. */
export async function keepNote(gateFolder: string, pending: Omit<PendingNote, 'version'>): Promise<void> {
  await mkdir(folderOf(gateFolder), { recursive: true, mode: 0o700 });
  await writeDurably(fileOf(gateFolder, pending.commit), JSON.stringify({ version: 1, ...pending }));
}

export async function dropNote(gateFolder: string, commit: string): Promise<void> {
  await unlink(fileOf(gateFolder, commit)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** All that are pending. One that is damaged is put aside: the commit has landed all the same. Throws what the file system says. */
export async function pendingNotes(gateFolder: string, log: Log): Promise<PendingNote[]> {
  const names = await readdir(folderOf(gateFolder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found: PendingNote[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const path = join(folderOf(gateFolder), name);
    try {
      found.push(PendingNote.parse(JSON.parse(await readFile(path, 'utf8'))));
    } catch (error) {
      log(`${path} is damaged and put aside: ${(error as Error).message.slice(0, 300)}`);
      await rename(path, `${path}.damaged`);
    }
  }
  return found;
}
