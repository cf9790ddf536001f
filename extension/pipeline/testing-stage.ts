import { testResult } from '../../runner-host/protocol/runs';
import { acknowledged, holdForFindings } from './findings/hold-for-findings';
import { checkTestsPassed } from './gates/check-tests-passed';
import { JobRules } from './job-rules';
import { judgeTestRun } from './judge';
import { holdIfBlind } from './prove/hold-if-blind';
import { renderReport } from './render-report';
import { TEST_ARTIFACT } from './report-on-branch';
import type { RunnerStage } from './runner-stage';
import type { TestReportFields } from '../artifacts/test-report';

/** Stage `testing`: what its runs are judged by, and what holds an item besides the gate. */
export const TESTING: RunnerStage<TestReportFields> = {
  producer: 'test-runner',
  artifact: TEST_ARTIFACT,
  noun: 'test report',
  judge: (result, job) => judgeTestRun(testResult(result), JobRules.parse(JSON.parse(job.rules))),
  rulesOf: (job) => JobRules.parse(JSON.parse(job.rules)),
  command: (result) => testResult(result).supervision.resolvedCommand,
  render: renderReport,
  gate: checkTestsPassed,
  holdPass: async (context, facts) => (await holdForFindings(context, facts)) ?? holdIfBlind(context, facts),
  passNote: acknowledged,
};
