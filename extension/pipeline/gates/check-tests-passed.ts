import { checkProvenance, type RunEvidence } from './check-provenance';
import type { GateAnswer } from './gate';

export interface TestReportFields {
  result: string;
  status: string;
  verdict: string;
  run: string;
}

export type TestEvidence = RunEvidence<TestReportFields>;

/** Opens for a test run's PASS on the branch's present tree, with its report in place and its three machine keys in agreement. */
export function checkTestsPassed(evidence: TestEvidence): GateAnswer {
  return checkProvenance(evidence, {
    kind: 'test',
    name: 'the test report',
    agrees: ({ result, status, verdict }) => result === 'PASS' && status === 'PASS' && verdict === 'PASS',
  });
}
