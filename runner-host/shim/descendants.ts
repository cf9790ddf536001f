import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessEntry, ProcessTable } from '../processes/process-table';

/**
 * The living processes below this one, newest first. Reads only those, not the whole table: a fork storm leaves no time
 * for more. A process that changes its parent meanwhile can be missed; the next look finds it.
 */
export function descendants(table: ProcessTable): ProcessEntry[] {
  const childrenOf = childrenSource(table);
  const found = new Map<number, ProcessEntry>();
  const parents = [process.pid];
  const seen = new Set(parents);
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const pid of childrenOf(parent)) {
      if (seen.has(pid)) continue;
      const entry = table.read(pid) ?? (parent === process.pid ? hidden(pid) : null);
      // Whose parent is one of ours is one of ours, whoever had this number a moment ago.
      if (entry === null || !seen.has(entry.parent)) continue;
      seen.add(pid);
      parents.push(pid);
      if (!entry.ended) found.set(pid, entry);
    }
  }
  return [...found.values()].sort((a, b) => b.age - a.age || b.pid - a.pid);
}

/** A child that the table does not show (/proc mounted with hidepid, and a program that changed its user). */
function hidden(pid: number): ProcessEntry {
  return { pid, parent: process.pid, group: 0, session: 0, startTime: '', age: Infinity, ended: false };
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** `/proc/PID/task/TID/children` is there if the kernel was built with CONFIG_PROC_CHILDREN; else the whole table is read. */
function childrenSource(table: ProcessTable): (parent: number) => number[] {
  const own = childrenOfThread(process.pid, String(process.pid));
  if (own !== undefined) {
    return (parent) => threads(parent).flatMap((thread) => childrenOfThread(parent, thread) ?? []);
  }
  const all = table.list() ?? [];
  return (parent) => all.filter((entry) => entry.parent === parent).map((entry) => entry.pid);
}

function childrenOfThread(pid: number, thread: string): number[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return undefined;
  }
}
