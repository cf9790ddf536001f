import { TestRunResult } from '../../runner-host/protocol/result';
import type { FlakyEvidence, TestName } from '../artifacts/evidence';
import type { LedgerReads } from '../ledger/ledger';
import type { JobRow, RunRow } from '../ledger/rows';
import { JobRules } from './job-rules';
import { specKey } from './spec-key';

const MOST_NAMES = 50;

type Reads = Pick<LedgerReads, 'items' | 'runs' | 'job' | 'verdict'>;

/** A flake that base's configuration has on record. */
export type KnownFlake = NonNullable<JobRules['flaky']>[number];

/** Whether the run settled as red is run once more on the same tree before anything is decided. */
export function wantsRerun(read: Reads, run: RunRow): boolean {
  const job = read.job(run.id);
  if (!job || read.verdict(run.id)?.verdict !== 'FAIL') return false;
  return isRunAgain(read, job, TestRunResult.parse(JSON.parse(run.result)));
}

/** Whether a red result of this job would be run again: the project says so, and it was not red there before. */
export function isRunAgain(read: Reads, job: JobRow, result: TestRunResult): boolean {
  const { rerunFailed } = JobRules.parse(JSON.parse(job.rules));
  return rerunFailed === 1 && result.status === 'suite-ran' && redBefore(read, job, result).length === 0;
}

/**
 * What a green run has against it: red runs of the item on the identical tree, with identical command and environment,
 * and tests that were red within it. Undefined where there is none.
 */
export function flakyEvidence(read: Reads, job: JobRow, result: TestRunResult): FlakyEvidence | undefined {
  const reds = redBefore(read, job, result);
  const { flaky: known = [], rerunFailed } = JobRules.parse(JSON.parse(job.rules));
  const within = rerunFailed === 1 ? flakyWithin(result) : { count: 0, first: [] };
  if (reds.length === 0 && within.count === 0) return undefined;
  const failed = new Map(within.first.map((one) => [JSON.stringify([one.suite, one.name]), one]));
  let unnamed = within.count - within.first.length;
  for (const { report } of reds.map(({ ended }) => ended)) {
    const failures = report.state === 'read' ? report.failures : [];
    for (const { suite, name } of failures) failed.set(JSON.stringify([suite, name]), { suite, name });
    const total = report.state === 'read' ? report.failed + report.errored : 0;
    unnamed = Math.max(unnamed, total === 0 ? 1 : total - failures.length);
  }
  const names = [...failed.values()];
  const unknown = names.filter((one) => !known.some((flake) => isOf(flake, one)));
  return {
    red: reds[0]?.run ?? null,
    failed: { count: names.length, first: names.slice(0, MOST_NAMES) },
    unknown: { count: unknown.length, first: unknown.slice(0, MOST_NAMES) },
    unnamed,
    seen: countFlakes(read, names.slice(0, MOST_NAMES)),
  };
}

/** Tests that the suite's own tool ran again until they were green: no less flaky than those that we run again. */
function flakyWithin(result: TestRunResult): { count: number; first: readonly TestName[] } {
  const report = result.status === 'suite-ran' ? result.report : undefined;
  return (report?.state === 'read' && report.flaky) || { count: 0, first: [] };
}

/** Whether a flake on record is this test. */
export function isOf(flake: Pick<KnownFlake, 'test' | 'suite'>, { suite, name }: TestName): boolean {
  return flake.test === name && (flake.suite === undefined || flake.suite === suite);
}

interface Red {
  run: string;
  ended: TestRunResult & { status: 'suite-ran' };
}

/** Newest first. The configuration may have changed since: putting a flake on record changes it. */
function redBefore(read: Reads, job: JobRow, result: TestRunResult): Red[] {
  const tree = result.tree?.tree ?? job.tree;
  const key = specKey(job.spec);
  return read.runs(job.item).flatMap((run) => {
    if (run.id === job.id || run.kind !== 'test' || run.tree !== tree || run.status !== 'suite-ran') return [];
    const other = read.job(run.id);
    if (read.verdict(run.id)?.verdict !== 'FAIL' || !other || specKey(other.spec) !== key) return [];
    const ended = TestRunResult.parse(JSON.parse(run.result));
    if (ended.status !== 'suite-ran' || ended.environment?.hash !== result.environment?.hash) return [];
    return [{ run: run.id, ended }];
  });
}

/** How often each test was red and then green on one tree before, in all items. */
function countFlakes(read: Reads, names: readonly TestName[]): FlakyEvidence['seen'] {
  const earlier = read
    .items()
    .flatMap((item) => read.runs(item.id))
    .filter(({ kind }) => kind === 'test')
    .flatMap((run) => {
      const job = read.job(run.id);
      return (job && JobRules.parse(JSON.parse(job.rules)).evidence?.flaky?.failed.first) ?? [];
    });
  return names.map(({ suite, name }) => {
    const times = 1 + earlier.filter((one) => one.suite === suite && one.name === name).length;
    return { suite, name, times };
  });
}
