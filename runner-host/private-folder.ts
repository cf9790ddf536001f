import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** sun_path of unix(7) takes 108 bytes, on macOS 104, with the closing zero. */
const LONGEST_SOCKET_PATH = 99;
/** `/`, 16 hex digits, `.sock`, and the end of a folder name that mkdtemp made. */
const SOCKET_NAME_BYTES = 22 + 7;

/**
 * A folder that only this user can enter, for sockets and for the commands' temporary files: under the system's temporary
 * folder, because a path inside the repository can be too long for a socket, and because tools that look for their configuration in the
 * folders above theirs must not find the repository's. Throws if no safe one can be made.
 */
export function openPrivateFolder(): string {
  if (process.platform === 'win32') return mkdtempSync(join(tmpdir(), 'interlock-'));
  const uid = userInfo().uid;
  const roots = [...new Set([tmpdir(), process.env['XDG_RUNTIME_DIR'], '/tmp'])].filter((root) => root !== undefined);
  const fitting = roots.filter(
    (root) => Buffer.byteLength(folderIn(root, uid)) + SOCKET_NAME_BYTES <= LONGEST_SOCKET_PATH,
  );
  for (const root of fitting) {
    if (isPrivate(folderIn(root, uid), uid)) return folderIn(root, uid);
  }
  // Somebody else has the name: a fresh folder does as well, because clients read the path from the host's record.
  for (const root of fitting) {
    try {
      return mkdtempSync(`${folderIn(root, uid)}-`);
    } catch {
      continue;
    }
  }
  throw new Error(`no private folder for the socket could be made in ${roots.join(', ')}`);
}

function folderIn(root: string, uid: number): string {
  return join(root, `interlock-${uid}`);
}

/** Made by us, a real folder, ours, closed to all others. */
function isPrivate(path: string, uid: number): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0;
}
