import { readFileSync } from 'node:fs';

/** How many processes the kernel has killed for want of memory since boot (`oom_kill` in /proc/vmstat), or null if it doesn't say. */
export function countOomKills(path = '/proc/vmstat'): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
