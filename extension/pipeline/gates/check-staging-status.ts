import { checkProvenance, type RunEvidence } from './check-provenance';
import type { GateAnswer } from './gate';

export interface StagingFields {
  staging_status: string;
  run: string;
}

export type StagingEvidence = RunEvidence<StagingFields>;

/** Opens for a staging run's PASS on the branch's present tree, with its log in place and `staging_status: SUCCESS`. */
export function checkStagingStatus(evidence: StagingEvidence): GateAnswer {
  return checkProvenance(evidence, {
    kind: 'staging',
    name: 'the staging log',
    agrees: ({ staging_status: status }) => status === 'SUCCESS',
  });
}
