import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportFormat } from '../../../runner-host/protocol/run-spec';
import { readReport } from '../../../runner-host/runners/read-report';
import { median } from '../figure';

export const CASES = 10_000;

export interface ParseCost {
  format: ReportFormat;
  bytes: number;
  /** The first reading in this process, and the median of those after it. */
  firstMs: number;
  ms: number;
}

/** Reads a report of `CASES` cases from a file, in each format. One in a hundred failed, one in fifty was skipped. */
export async function measureParsing(rounds: number): Promise<ParseCost[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-parse-'));
  try {
    const costs: ParseCost[] = [];
    for (const format of ReportFormat.options) {
      const path = `report.${format}`;
      writeFileSync(join(folder, path), WRITERS[format]());
      const times: number[] = [];
      for (let round = 0; round <= rounds; round += 1) times.push(await timeOne(folder, { format, path }));
      const [firstMs = 0, ...warm] = times;
      costs.push({ format, bytes: statSync(join(folder, path)).size, firstMs, ms: median(warm) });
    }
    return costs;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function timeOne(folder: string, place: { format: ReportFormat; path: string }): Promise<number> {
  const began = performance.now();
  const { reading } = await readReport(folder, place, 0);
  const ms = performance.now() - began;
  if (reading.state !== 'read' || reading.tests !== CASES || reading.failed !== CASES / 100)
    throw new Error(`${place.format} was not read as it was written: ${JSON.stringify(reading).slice(0, 500)}`);
  return ms;
}

const numbers = Array.from({ length: CASES }, (_, index) => index + 1);
const failed = (n: number): boolean => n % 100 === 0;
const skipped = (n: number): boolean => n % 50 === 7;
const STACK = Array.from({ length: 12 }, (_, n) => `    at step (src/shop/cart-${n}.ts:${n + 3}:17)`).join('\n');
const name = (n: number): string => `keeps the total of order ${n} in whole cents`;
const suite = (n: number): string => `test/shop/orders-${n % 100}.test.ts`;

const WRITERS: Record<ReportFormat, () => string> = {
  junit: () => {
    const inner = (n: number): string =>
      failed(n) ? `<failure message="expected ${n}">${STACK}</failure>` : skipped(n) ? '<skipped/>' : '';
    const cases = numbers.map(
      (n) => `<testcase classname="${suite(n)}" name="${name(n)}" time="0.00${n % 10}">${inner(n)}</testcase>`,
    );
    const totals = `tests="${CASES}" failures="${CASES / 100}" errors="0" skipped="${numbers.filter(skipped).length}"`;
    return `<testsuites ${totals}><testsuite name="all" ${totals}>\n${cases.join('\n')}\n</testsuite></testsuites>\n`;
  },
  tap: () => {
    const block = (n: number): string =>
      `  ---\n  duration_ms: ${n % 10}.25\n  type: 'test'\n${failed(n) ? `  error: 'expected ${n}'\n  stack: |-\n${STACK}\n` : ''}  ...\n`;
    const line = (n: number): string =>
      `${failed(n) ? 'not ' : ''}ok ${n} - ${name(n)}${skipped(n) ? ' # SKIP' : ''}\n${block(n)}`;
    return `TAP version 14\n${numbers.map(line).join('')}1..${CASES}\n`;
  },
  ctrf: () => {
    const status = (n: number): string => (failed(n) ? 'failed' : skipped(n) ? 'skipped' : 'passed');
    const tests = numbers.map((n) => ({
      name: name(n),
      status: status(n),
      duration: n % 10,
      suite: [suite(n)],
      filePath: suite(n),
      ...(failed(n) ? { message: `expected ${n}`, trace: STACK } : {}),
    }));
    const count = (word: string): number => tests.filter((test) => test.status === word).length;
    const summary = { tests: CASES, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
    const results = { tool: { name: 'bench' }, summary: { ...summary, pending: 0, other: 0 }, tests };
    return JSON.stringify({ reportFormat: 'CTRF', specVersion: '0.0.0', results }, null, 2);
  },
  'go-json': () => {
    const Package = 'example.com/shop/orders';
    const event = (Action: string, more: object = {}): string =>
      `${JSON.stringify({ Time: '2026-01-01T00:00:00.000000001Z', Action, Package, ...more })}\n`;
    const test = (n: number): string => {
      const Test = `TestOrder${n}`;
      const end = failed(n) ? 'fail' : skipped(n) ? 'skip' : 'pass';
      const said = failed(n) ? event('output', { Test, Output: `    orders_test.go:${n}: expected ${n}\n` }) : '';
      const start = event('run', { Test }) + event('output', { Test, Output: `=== RUN   ${Test}\n` });
      const close = event('output', { Test, Output: `--- ${end.toUpperCase()}: ${Test} (0.00s)\n` });
      return start + said + close + event(end, { Test, Elapsed: 0.001 });
    };
    return `${numbers.map(test).join('')}${event('fail', { Elapsed: 1 })}exit 1\n`;
  },
};
