import type { FileHandle } from 'node:fs/promises';
import type { CaseResult, ReportReading } from '../protocol/result';
import type { ReportPlace } from '../protocol/run-spec';
import { cap } from './case-text';
import { CaseLocator } from './locate-case';
import { ReportError } from './report-error';
import { findReportFiles, openReport, ReportPathUnusable } from './report-files';
import { REPORT_READERS } from './report-formats';

const MOST_FAILURES = 200;
const MOST_FLAKY = 20;
/** The result goes to every client and stays small; the whole texts are in `cases.json`. */
const FAILURE_TEXT_CHARS = 512 * 1024;

export interface ReportFindings {
  reading: ReportReading;
  /** Null unless the report was read. */
  cases: CaseResult[] | null;
  /** Relative paths of what the run wrote, read or not. */
  files: string[];
}

/** Reads what the run wrote. Never throws: what can't be trusted, or can't be read, is `unreadable`, with the reason. */
export async function readReport(
  worktree: string,
  { format, path: pattern }: ReportPlace,
  startedAt: number,
): Promise<ReportFindings> {
  let files: string[] = [];
  const unreadable = (path: string, reason: string): ReportFindings => ({
    reading: { state: 'unreadable', path, reason },
    cases: null,
    files,
  });
  try {
    files = await findReportFiles(worktree, pattern);
    if (files.length === 0) return { reading: { state: 'missing', path: pattern }, cases: null, files };
    const locator = new CaseLocator(worktree);
    const cases: CaseResult[] = [];
    for (const file of files) {
      const found = await readFile(worktree, { format, path: file }, startedAt);
      if (!Array.isArray(found)) return unreadable(file, found.reason);
      for (const one of found) cases.push(locator.locate(one));
    }
    if (cases.length === 0) return unreadable(pattern, 'it holds no test');
    return { reading: summarize(files, cases), cases, files };
  } catch (error) {
    return unreadable(
      pattern,
      error instanceof ReportPathUnusable ? error.detail : `it can't be read: ${(error as Error).message}`,
    );
  }
}

async function readFile(
  worktree: string,
  { format, path }: ReportPlace,
  startedAt: number,
): Promise<CaseResult[] | { reason: string }> {
  const opened = await openReport(worktree, path, startedAt);
  if (!opened.ok) return { reason: opened.reason };
  try {
    return await REPORT_READERS[format](chunksOf(opened.handle));
  } catch (error) {
    if (error instanceof ReportError) return { reason: error.reason };
    return { reason: `it can't be read: ${(error as Error).message}` };
  } finally {
    await opened.handle.close();
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(64 * 1024));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function summarize(files: string[], cases: readonly CaseResult[]): ReportReading {
  const count = (outcome: CaseResult['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  const negative = cases.filter((one) => one.outcome === 'failed' || one.outcome === 'errored').slice(0, MOST_FAILURES);
  let room = FAILURE_TEXT_CHARS;
  const failures = negative.map((one) => {
    room -= (one.message?.length ?? 0) + (one.details?.length ?? 0);
    return room >= 0 ? one : { ...one, message: one.message?.slice(0, 500) ?? null, details: null };
  });
  return {
    state: 'read',
    files,
    tests: cases.length,
    passed: count('passed'),
    failed: count('failed'),
    errored: count('errored'),
    skipped: count('skipped'),
    ...flakyOnes(cases),
    failures,
  };
}

function flakyOnes(cases: readonly CaseResult[]): Pick<Extract<ReportReading, { state: 'read' }>, 'flaky'> {
  const flaky = cases.filter((one) => one.flaky === true);
  if (flaky.length === 0) return {};
  const first = flaky.slice(0, MOST_FLAKY).map(({ suite, name }) => ({ suite: cap(suite, 300), name: cap(name, 300) }));
  return { flaky: { count: flaky.length, first } };
}
