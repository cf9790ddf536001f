import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Log } from '../supervisor/send-signal';
import { isMusl, nativeFileName } from './native-file';

/**
 * Path of koffi's native part, ready to be loaded; null where there is none for this machine. The package carries it compressed:
 * it is unpacked once, beside the bundles or, where nothing may be written there, into `folder`.
 * @param folder private to this user
 */
export function openNativePart(bundles: string, folder: string, log: Log): string | null {
  const packed = join(bundles, `${nativeFileName(process.platform, process.arch, isMusl())}.br`);
  if (!existsSync(packed)) return null;
  try {
    const bytes = readFileSync(packed);
    // Another version of it is another file: one that is loaded must not change.
    const name = `koffi-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.node`;
    for (const path of [join(bundles, name), join(folder, name)]) {
      if (existsSync(path) || unpack(bytes, path, log)) return path;
    }
  } catch (error) {
    log(`${packed}: ${(error as Error).message}`);
  }
  return null;
}

function unpack(bytes: Buffer, path: string, log: Log): boolean {
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, brotliDecompressSync(bytes), { mode: 0o700 });
    renameSync(fresh, path);
    return true;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    log(`${path}: ${(error as Error).message}`);
    return false;
  }
}
