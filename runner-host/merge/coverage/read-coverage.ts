import type { CoverageRule } from '../../protocol/merge';
import { findReportFiles, openReport, ReportPathUnusable } from '../../runners/report-files';
import { CoverageUnreadable, type CoverageReading, type LineCoverage } from './coverage-reading';
import { readCobertura } from './read-cobertura';
import { readLcov } from './read-lcov';

const MOST_BYTES = 64 * 1024 * 1024;

/** Reads the report that the suite wrote into its worktree since `startedAt` (ms). Never throws for what stands there. */
export async function readCoverage(
  worktree: string,
  { format, path }: Pick<CoverageRule, 'format' | 'path'>,
  startedAt: number,
): Promise<CoverageReading> {
  const unreadable = (reason: string): CoverageReading => ({ state: 'unreadable', reason });
  if (/[*?[\]{}()!@+]/.test(path)) return unreadable('it is a pattern, and one file is meant');
  try {
    const files = await findReportFiles(worktree, path);
    const [file] = files;
    if (file === undefined) return unreadable('the suite did not write it');
    if (files.length > 1) return unreadable(`${files.length} files match it`);
    const opened = await openReport(worktree, file, startedAt);
    if (!opened.ok) return unreadable(opened.reason);
    try {
      const { size } = await opened.handle.stat();
      if (size > MOST_BYTES) return unreadable(`it is larger than ${MOST_BYTES} bytes`);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await opened.handle.readFile());
      return { state: 'read', lines: format === 'lcov' ? readLcov(text) : readCobertura(text) };
    } finally {
      await opened.handle.close();
    }
  } catch (error) {
    if (error instanceof CoverageUnreadable || error instanceof ReportPathUnusable || error instanceof TypeError)
      return unreadable(error.message);
    return unreadable(`it could not be read: ${(error as Error).message}`);
  }
}

/** Whether line coverage fell by more than `maxDrop` percentage points below the floor. */
export function fellBelow(now: LineCoverage, { floor, maxDrop }: Pick<CoverageRule, 'floor' | 'maxDrop'>): boolean {
  if (floor === null || floor.total === 0) return false;
  // Rounding of the division must not fail an item that changed nothing.
  const tolerance = 1e-9;
  return (now.covered / now.total) * 100 < (floor.covered / floor.total) * 100 - maxDrop - tolerance;
}
