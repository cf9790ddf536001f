import { StagingRunSpec, type StagingRunResult } from '../../../runner-host/protocol/staging';
import type { RunResult } from '../../../runner-host/protocol/runs';
import type { StagingLogFields } from '../../artifacts/staging-log';
import { checkStagingStatus } from '../gates/check-staging-status';
import { STAGING_ARTIFACT } from '../report-on-branch';
import type { RunnerStage } from '../runner-stage';
import { judgeStagingRun } from './judge-staging';
import { commandWords, renderStagingLog } from './render-staging-log';
import { stagingRules } from './staging-rules';

/** Stage `deploy-staging`: what its runs are judged by. */
export const STAGING: RunnerStage<StagingLogFields> = {
  producer: 'staging-runner',
  artifact: STAGING_ARTIFACT,
  noun: 'staging log',
  judge: (result, job) => judgeStagingRun(stagingResult(result), stagingRules(job)),
  rulesOf: stagingRules,
  command: (_result, job) => commandWords(StagingRunSpec.parse(JSON.parse(job.spec)).command),
  render: renderStagingLog,
  gate: checkStagingStatus,
  holdPass: () => Promise.resolve(undefined),
  passNote: () => '',
};

/** The result as a staging run's. Throws if it is another runner's: the job and the result do not belong together. */
function stagingResult(result: RunResult): StagingRunResult {
  if (result.kind !== 'staging') throw new Error(`run ${result.run} is no staging run, but ${result.kind}`);
  return result;
}
