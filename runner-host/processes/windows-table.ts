import { spawnSync } from 'node:child_process';
import type { ProcessEntry, ProcessTable } from './process-table';

/**
 * Windows: enough to tell whether the owner of a record still lives. It lists nothing, so runs there end by
 * `taskkill /T` alone and their result says `unchecked`.
 */
export class WindowsTable implements ProcessTable {
  read(pid: number): ProcessEntry | null | undefined {
    try {
      process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH' ? null : undefined;
    }
    const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
    const run = spawnSync('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], {
      encoding: 'utf8',
      timeout: 10_000,
      windowsHide: true,
    });
    const startTime = run.stdout?.trim() ?? '';
    if (run.status !== 0 || !/^\d+$/.test(startTime)) return undefined;
    return { pid, parent: 0, group: 0, session: 0, startTime, age: Number(startTime), ended: false };
  }

  list(): undefined {
    return undefined;
  }

  ageOf(startTime: string): number {
    return Number(startTime);
  }

  hasVariable(): boolean {
    return false;
  }

  outputEnds(): string[] {
    return [];
  }

  holdsAny(): boolean {
    return false;
  }

  describe(): string {
    return '';
  }
}
