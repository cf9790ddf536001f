import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** ms that are added to each flush. */
export const ADDED_MS = 4;

/**
 * Builds the library that slows flushes down. Returns the environment that loads it, or why it cannot be had: then nothing is
 * measured with it.
 */
export function buildSlowFlush(folder: string): { env: Record<string, string> } | { missing: string } {
  if (process.platform !== 'linux') return { missing: 'LD_PRELOAD is a thing of Linux' };
  const library = join(folder, 'slow-flush.so');
  const source = join(import.meta.dirname, 'slow-flush.c');
  const built = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'], { encoding: 'utf8' });
  if (built.error) return { missing: 'there is no C compiler (cc)' };
  if (built.status !== 0) return { missing: `cc failed: ${built.stderr.trim()}` };
  return { env: { LD_PRELOAD: library, SLOW_FLUSH_US: String(ADDED_MS * 1000) } };
}
