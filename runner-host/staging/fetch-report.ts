import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportReading } from '../protocol/result';
import type { ReportPlace } from '../protocol/run-spec';
import { readReport, type ReportFindings } from '../runners/read-report';
import { MOST_REPORT_BYTES } from '../runners/report-limits';
import { LISTING_BYTES, printReports, readListing } from './report-text';
import { serve, type ServiceAnswer, type ServiceTools } from './service-run';

export type FetchAnswer = { ok: true; findings: ReportFindings } | Extract<ServiceAnswer, { ok: false }>;

export interface FetchRun {
  runId: string;
  workdir: string;
  token: string;
  report: ReportPlace;
  /** The suite's run on the host: its directory holds a file that was written just before the suite began. */
  suite: string;
  /** A folder of ours for the bytes; removed again. */
  scratch: string;
}

/**
 * Fetches the report as the log of a small run, and reads it here with the readers of every other report. Missing, stale and
 * unreadable are findings; only a host that could not be asked is none. Throws what our own file system says.
 */
export async function fetchReport(
  { runId, workdir, token, report, suite, scratch }: FetchRun,
  tools: ServiceTools,
): Promise<FetchAnswer> {
  // The shell that reads this stands in the run's own directory only by name: the base may be "~/...".
  const stamp = `"$ILK_RUNS"/${suite}/limits`;
  const command = `ILK_RUNS=${baseText(tools.base)}\n${printReports(report.path, stamp)}`;
  const answer = await serve({ runId, workdir, command, token, mostBytes: MOST_REPORT_BYTES + LISTING_BYTES }, tools);
  if (!answer.ok) {
    const tooLong = answer.found.cause === 'output-limit';
    return tooLong ? { ok: true, findings: unreadable(report.path, 'it grew while it was read') } : answer;
  }
  if (answer.code !== 0) return { ok: true, findings: unreadable(report.path, 'the host could not read it') };
  const listed = readListing(answer.output, report.path);
  if (listed.state === 'unreadable') return { ok: true, findings: unreadable(listed.path, listed.reason) };
  return { ok: true, findings: await readHere(listed.files, report, scratch) };
}

async function readHere(
  files: readonly { name: string; bytes: Buffer }[],
  { format, path }: ReportPlace,
  scratch: string,
): Promise<ReportFindings> {
  if (files.length === 0) return { reading: { state: 'missing', path }, cases: null, files: [] };
  const folder = join(scratch, 'report');
  const startedAt = Date.now();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Names of the host stay on the host: no name that it gives is a path here.
    const own = files.map((_, index) => `report-${String(index).padStart(4, '0')}`);
    for (const [index, { bytes }] of files.entries()) await writeFile(join(folder, own[index] ?? ''), bytes);
    const { reading, cases } = await readReport(folder, { format, path: 'report-*' }, startedAt);
    const nameOf = (name: string): string => files[own.indexOf(name)]?.name ?? path;
    return { reading: renamed(reading, nameOf), cases, files: files.map(({ name }) => name) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function renamed(reading: ReportReading, nameOf: (name: string) => string): ReportReading {
  switch (reading.state) {
    case 'read':
      return { ...reading, files: reading.files.map(nameOf) };
    case 'missing':
    case 'unreadable':
      return { ...reading, path: nameOf(reading.path) };
    case 'not-configured':
      return reading;
  }
}

const unreadable = (path: string, reason: string): ReportFindings => ({
  reading: { state: 'unreadable', path, reason },
  cases: null,
  files: [],
});

/** The folder of the runs as a word of a shell. */
export const baseText = (base: string): string => (base.startsWith('~/') ? `"$HOME"/'${base.slice(2)}'` : `'${base}'`);
