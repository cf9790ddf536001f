import { join, posix } from 'node:path';

/**
 * The folder of this process's own cgroup v2, or null if there is none to be seen.
 * @param mountinfo text of /proc/self/mountinfo (proc(5): field 4 is the root within the file system, 5 the mount point)
 * @param cgroup text of /proc/self/cgroup (cgroups(7): the line `0::/path` is that of version 2)
 */
export function ownCgroupFolder(mountinfo: string, cgroup: string): string | null {
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  // A path with `..` lies outside of our cgroup namespace.
  if (path === undefined || path.split('/').includes('..')) return null;
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    if (!right.startsWith('cgroup2 ')) continue;
    const [, , , root, mountPoint] = left.split(' ').map(unescapeOctal);
    if (root === undefined || mountPoint === undefined) continue;
    const below = posix.relative(root, path);
    if (below !== '..' && !below.startsWith('../')) return join(mountPoint, below);
  }
  return null;
}

/** Blanks and backslashes stand in mountinfo as \ooo. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
