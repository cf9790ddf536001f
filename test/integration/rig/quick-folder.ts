import { mkdtempSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Less than this is soon full, as in a container that sets no size. */
const ENOUGH_BYTES = 1024 * 1024 * 1024;

let parent: string | undefined;

/**
 * A new folder in memory where the machine has such a file system, else in the temporary folder. For repositories of which a test needs many: git
 * flushes each ref to the disk, and a test that kills processes proves nothing by it. Whoever asks removes it.
 */
export function makeQuickFolder(prefix: string): string {
  parent ??= isQuick() ? MEMORY : tmpdir();
  return realpathSync(mkdtempSync(join(parent, prefix)));
}

function isQuick(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    const mount = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .findLast((line) => line.split(' ')[1] === MEMORY);
    const [, , type, options = ''] = mount?.split(' ') ?? [];
    // Hooks have to be run in it.
    return type === 'tmpfs' && !options.split(',').includes('noexec') && bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}
