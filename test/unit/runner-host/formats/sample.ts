import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../../../../runner-host/protocol/result';
import type { ReportFormat } from '../../../../runner-host/protocol/run-spec';
import { REPORT_READERS } from '../../../../runner-host/runners/report-formats';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures');

/** The bytes of a sample report, by its path under the fixtures. */
export const sample = (path: string): Buffer => readFileSync(join(FIXTURES, path));

export function readAs(format: ReportFormat, text: string | Buffer, size = 64 * 1024): Promise<CaseResult[]> {
  return REPORT_READERS[format](pieces(Buffer.from(text), size));
}

/** Why the text is refused; begins with "read" if it is not. */
export function reasonAs(format: ReportFormat, text: string | Buffer): Promise<string> {
  return readAs(format, text).then(
    (cases) => `read ${cases.length} cases`,
    (error: { reason: string }) => error.reason,
  );
}

export const outcomes = (cases: readonly CaseResult[]): Record<string, string> =>
  Object.fromEntries(cases.map(({ suite, name, outcome }) => [suite === '' ? name : `${suite} > ${name}`, outcome]));

export function named(cases: readonly CaseResult[], name: string): CaseResult {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
