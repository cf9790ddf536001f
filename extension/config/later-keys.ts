/**
 * Keys of the configuration's contract that this version does not apply. They are refused: a rule that is read and
 * ignored looks like protection.
 */
export const LATER_KEYS: ReadonlySet<string> = new Set(['deploy', 'agents', 'budgets.agentAttempts']);
