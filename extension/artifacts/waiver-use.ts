import * as z from 'zod/mini';

/** A waiver of the project, and what it did in one run. */
export interface WaiverUse extends Waiver {
  /**
   * `applied`: the check failed and may. `expired`: the check failed and the date is past. `unused`: the check did not fail.
   * `ignored`: the run left no report to name failing checks by.
   */
  use: 'applied' | 'expired' | 'unused' | 'ignored';
}

/** A check that may fail up to a day. */
export const Waiver = z.strictObject({
  /** The check's name as the report gives it, or its suite and name as `suite > name`. */
  check: z.string(),
  reason: z.string(),
  reference: z.string(),
  /** The last day on which it counts: YYYY-MM-DD. */
  until: z.string(),
});
export type Waiver = z.infer<typeof Waiver>;

/** Whether a check is the one that a waiver names: to the letter, by its name or by suite and name. */
export function isWaived(waiver: Pick<Waiver, 'check'>, check: { suite: string; name: string }): boolean {
  return waiver.check === check.name || waiver.check === `${check.suite} > ${check.name}`;
}
