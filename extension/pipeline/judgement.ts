import type { StagingClass } from '../../runner-host/protocol/staging';
import type { Reason, Verdict } from './outcome';

/** What a run's result means for the item. */
export type Judgement =
  | { kind: 'verdict'; verdict: Verdict; reason: Reason }
  | { kind: 'infra'; cause: string; class: StagingClass; reason: Reason };

export const pass = (code: string, text: string): Judgement => ({
  kind: 'verdict',
  verdict: 'PASS',
  reason: { code, text, remedy: '' },
});

export const fail = (code: string, text: string): Judgement => ({
  kind: 'verdict',
  verdict: 'FAIL',
  reason: { code, text, remedy: "Fix the code on the item's branch and commit, then move it on and advance." },
});

export const inconclusive = (code: string, text: string, remedy: string): Judgement => ({
  kind: 'verdict',
  verdict: 'INCONCLUSIVE',
  reason: { code, text, remedy },
});

/** A commit as people read it. */
export const short = (commit: string): string => commit.slice(0, 8);
