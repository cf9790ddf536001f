import type { CaseResult } from '../protocol/result';
import type { ReportFormat } from '../protocol/run-spec';
import { readCtrf } from './ctrf/read-ctrf';
import { readGoJson } from './go-json/read-go-json';
import { readJunit } from './junit/read-junit';
import { readTap } from './tap/read-tap';

/** Reads one file of a format: all its cases, or `ReportError` with the reason. */
export const REPORT_READERS: Readonly<Record<ReportFormat, (bytes: AsyncIterable<Buffer>) => Promise<CaseResult[]>>> = {
  junit: readJunit,
  tap: readTap,
  ctrf: readCtrf,
  'go-json': readGoJson,
};
