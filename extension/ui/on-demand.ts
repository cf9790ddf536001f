// What a window needs only once a repository, a panel or a runner is looked at, loaded as one file by `import()`: starting VS Code
// does not wait for it. Several files would cut what they share, and what the start needs of it, into ever smaller ones.
export { parseConfig } from '../config/parse-config';
export { checkStagingHost, forgetStagingSecrets } from './commands/check-staging';
export { initialize } from './commands/initialize';
export { configStanding } from './config-standing';
export { cleanUpItem } from './merge/clean-up';
export { leasedQueues, releaseQueue } from './merge/release-queue';
export { chooseLease, itemLease, queueLease } from './merge/words';
export { renumber, reserveNumber, unfreezeQueue, verifyCommit, waiveFinding } from './merge/commands';
export { reportView } from './panels/report-view';
export { runningView } from './panels/running-view';
export { factRow, hostRow, stagingRow } from './runners/runners-rows';
export { SecretStore } from './staging/secret-store';
