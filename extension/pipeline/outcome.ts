/** What a result means for the item. */
export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

/** What an advance did. */
export type Outcome = 'advanced' | 'rolled-back' | 'deferred' | 'held' | 'refused' | 'waiting';

/** Who acts next. */
export type Turn = 'person' | 'agent' | 'runner' | 'timer' | 'nobody';

/** What an item is doing between two transitions. */
export type Condition = 'ready' | 'running' | 'waiting' | 'deferred' | 'held' | 'done';

/** A fact with its name: `code` is stable and matched on, `text` is for people, `remedy` names the command that helps. */
export interface Reason {
  code: string;
  text: string;
  remedy: string;
}

/** What `advance` tells, in the terminal's `--json` word for word. */
export interface AdvanceReport {
  item: string;
  from: string;
  to: string;
  outcome: Outcome;
  verdict: Verdict | null;
  /** suite-ran | infra:<cause> | null when no run was needed. */
  result: string | null;
  reason: Reason;
  run: string | null;
}

/** The answer to "why is this item not moving?". */
export interface Why {
  item: string;
  stage: string;
  condition: Condition;
  reason: Reason;
  /** ms since the epoch. */
  since: number;
  turn: Turn;
  nextAction: string;
  nextAt: number | null;
  /** The blocking facts, a line each: exit code, counts, lease owner, paths. */
  evidence: string[];
}
