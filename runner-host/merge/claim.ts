import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Liveness } from '../protocol/identity';
import { ProcessIdentity } from '../protocol/methods';
import { syncFolder } from '../registry/write-durably';

const Claim = z.strictObject({ owner: ProcessIdentity, run: z.string() });

/** How often another one may be faster before this one calls the lock busy. */
const MOST_TRIES = 20;

export type ClaimAnswer =
  | { state: 'held'; release(): Promise<void> }
  | { state: 'busy'; owner: 'alive' | 'unknown'; run: string | null; file: string };

/**
 * Takes the gate's lock: the folder holds numbered claims, and the highest one counts until its owner is dead or has
 * released it. A number is never used twice (the highest file is never removed), so two that saw the same dead owner
 * cannot both take its place. Throws what the file system says.
 */
export async function claim(
  folder: string,
  me: ProcessIdentity,
  run: string,
  liveness: (owner: ProcessIdentity) => Liveness,
): Promise<ClaimAnswer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fresh = join(folder, `new.${process.pid}.${randomBytes(4).toString('hex')}`);
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify({ owner: me, run }));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { highest, released } = await readClaims(folder);
      if (highest > 0 && !released) {
        const busy = await whoHolds(folder, highest, liveness);
        if (busy !== null) return busy;
      }
      const mine = highest + 1;
      if (!(await take(fresh, join(folder, `${mine}.json`)))) continue;
      await syncFolder(folder);
      await removeOlder(folder, mine);
      return { state: 'held', release: () => release(folder, mine) };
    }
    return { state: 'busy', owner: 'alive', run: null, file: folder };
  } finally {
    await unlink(fresh).catch(() => undefined);
  }
}

async function readClaims(folder: string): Promise<{ highest: number; released: boolean }> {
  const names = await readdir(folder);
  const numbers = names.flatMap((name) => /^(\d+)\.(json|released)$/.exec(name)?.[1] ?? []).map(Number);
  const highest = Math.max(0, ...numbers);
  return { highest, released: names.includes(`${highest}.released`) };
}

/** Null: its owner is dead. */
async function whoHolds(
  folder: string,
  number: number,
  liveness: (owner: ProcessIdentity) => Liveness,
): Promise<Extract<ClaimAnswer, { state: 'busy' }> | null> {
  const file = join(folder, `${number}.json`);
  try {
    const { owner, run } = Claim.parse(JSON.parse(await readFile(file, 'utf8')));
    const life = liveness(owner);
    return life === 'dead' ? null : { state: 'busy', owner: life, run, file };
  } catch {
    // Not readable is not dead.
    return { state: 'busy', owner: 'unknown', run: null, file };
  }
}

async function take(fresh: string, path: string): Promise<boolean> {
  try {
    await link(fresh, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function release(folder: string, number: number): Promise<void> {
  await writeFile(join(folder, `${number}.released`), '', { mode: 0o600 });
}

async function removeOlder(folder: string, mine: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const number = /^(\d+)\./.exec(name)?.[1];
    if (number !== undefined && Number(number) < mine) await unlink(join(folder, name)).catch(() => undefined);
  }
}
