/**
 * Keys of the configuration's contract that this version does not apply. They are refused: a rule that is read and
 * ignored looks like protection.
 */
export const LATER_KEYS: ReadonlySet<string> = new Set([
  'staging',
  'merge',
  'deploy',
  'agents',
  'test.protected',
  'test.redOnBase',
  'test.biteMatrix',
  'test.rerunFailed',
  'test.smoke',
  'budgets.agentAttempts',
]);

export const LATER_REPORT_FORMATS: ReadonlySet<string> = new Set(['tap', 'ctrf', 'go-json']);
