import * as z from 'zod/mini';
import { MergeRunResult, MergeRunSpec } from './merge';
import { TestRunResult } from './result';
import { TestRunSpec } from './run-spec';
import { StagingRunResult, StagingRunSpec } from './staging';

/** Grows by one member a runner: deploy, agent. */
export const RunSpec = z.discriminatedUnion('kind', [TestRunSpec, StagingRunSpec, MergeRunSpec]);
export type RunSpec = z.infer<typeof RunSpec>;

export const RunResult = z.union([TestRunResult, StagingRunResult, MergeRunResult]);
export type RunResult = z.infer<typeof RunResult>;

export const RunKind = z.enum(['test', 'staging', 'merge']);
export type RunKind = z.infer<typeof RunKind>;

/** What every result says of how its command ended, wherever it ran. Times in ms. */
export function endOf(result: RunResult): {
  exitCode: number | null;
  startedAt: number;
  durationMs: number;
  outputBytes: number;
  outputDropped: number;
} {
  return result.kind === 'staging' ? result.remote : result.supervision;
}

/** The result as a test run's. Throws if it is another runner's: the job and the result do not belong together. */
export function testResult(result: RunResult): TestRunResult {
  if (result.kind !== 'test') throw new Error(`run ${result.run} is no test run, but ${result.kind}`);
  return result;
}
