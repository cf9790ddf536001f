import { readFileSync, writeFileSync } from 'node:fs';

/** Watches how far the resident memory of a process rises from now on. */
export function watchMemory(pid: number): { grownMb(): number } {
  // 5 resets the peak: proc_pid_clear_refs(5).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = statusKb(pid, 'VmRSS');
  return { grownMb: () => ((statusKb(pid, 'VmHWM') - before) * 1024) / 1_000_000 };
}

function statusKb(pid: number, name: string): number {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/proc/${pid}/status has no ${name}`);
  return Number(value);
}
