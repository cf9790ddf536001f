import type { CaseResult } from '../../../runner-host/protocol/result';
import type { StagingRunResult } from '../../../runner-host/protocol/staging';
import { isWaived, type WaiverUse } from '../../artifacts/waiver-use';
import { isUnexpired } from '../unexpired';
import type { StagingRules } from './staging-rules';

/** What the project's waivers mean for a run's failed checks. */
export interface WaiverFindings {
  uses: WaiverUse[];
  /** Listed failures that no unexpired waiver names. */
  real: CaseResult[];
  /** Every failed check is listed and waived; false where none failed. */
  allWaived: boolean;
}

/** Pure. Without a report that was read nothing is waived: no name says which check failed. */
export function useWaivers(result: StagingRunResult, rules: Pick<StagingRules, 'waivers' | 'at'>): WaiverFindings {
  if (result.status !== 'suite-ran' || result.report.state !== 'read') {
    return { uses: rules.waivers.map((waiver) => ({ ...waiver, use: 'ignored' })), real: [], allWaived: false };
  }
  const { failures, failed, errored } = result.report;
  const counts = (until: string): boolean => isUnexpired({ until }, rules.at);
  const uses = rules.waivers.map((waiver): WaiverUse => {
    if (!failures.some((check) => isWaived(waiver, check))) return { ...waiver, use: 'unused' };
    return { ...waiver, use: counts(waiver.until) ? 'applied' : 'expired' };
  });
  const applied = uses.filter(({ use }) => use === 'applied');
  const real = failures.filter((check) => !applied.some((waiver) => isWaived(waiver, check)));
  // A long list of failures is cut: those that are left out have no name here.
  const whole = failures.length === failed + errored;
  return { uses, real, allWaived: whole && failures.length > 0 && real.length === 0 };
}
