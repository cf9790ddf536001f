import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { TestName } from '../artifacts/evidence';
import type { Names } from '../pipeline/ports';
import { runFiles } from './run-files';

/** Far more than there are items between two landings; a list is named by its content, so most runs share one. */
const KEPT = 200;

const List = z.strictObject({ executed: z.array(TestName), skipped: z.array(TestName) });

/** Lists of test names in `<stateDir>/names/`, and the cases of runs whose folder is still there. */
export function nameStore(stateDir: string, keep = KEPT): Names {
  const folder = join(stateDir, 'names');
  const fileOf = (hash: string): string => join(folder, `${hash}.json`);
  return {
    casesOf: (run) => runFiles(stateDir).cases(run),
    async keep(list) {
      const text = JSON.stringify(list);
      const hash = createHash('sha256').update(text).digest('hex');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const now = new Date();
      const known = await utimes(fileOf(hash), now, now).then(
        () => true,
        () => false,
      );
      if (!known) {
        const draft = join(folder, `${hash}.${process.pid}.draft`);
        await writeFile(draft, text, { mode: 0o600 });
        await rename(draft, fileOf(hash));
        await prune(folder, keep);
      }
      return hash;
    },
    async read(hash) {
      const text = await readFile(fileOf(hash), 'utf8').catch(() => null);
      if (text === null || createHash('sha256').update(text).digest('hex') !== hash) return null;
      return List.parse(JSON.parse(text));
    },
  };
}

/** The least recently kept go. Two processes at once do no harm: what is gone already is gone. */
async function prune(folder: string, keep: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { path, at: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const old = files.sort((a, b) => b.at - a.at).slice(keep);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}
