import type { CaseResult } from '../../runner-host/protocol/result';
import type { StagingLogInput } from './staging-log';
import { isWaived } from './waiver-use';

/** The commit that the host served before and after; null where that is not known to be one of the item's. */
export function provenCommit({ result, served }: Pick<StagingLogInput, 'result' | 'served'>): string | null {
  if (!served.asked || result.served === null) return null;
  const { before, after } = result.served;
  const said = before.toLowerCase();
  if (said !== after?.toLowerCase()) return null;
  return [served.commit, ...(served.sameContent ?? [])].find((commit) => commit.toLowerCase() === said) ?? null;
}

/** Failed checks that an unexpired waiver names, of those that the result lists. */
export function waivedFailures({ result, waivers }: Pick<StagingLogInput, 'result' | 'waivers'>): CaseResult[] {
  if (result.status !== 'suite-ran' || result.report.state !== 'read') return [];
  const applied = waivers.filter(({ use }) => use === 'applied');
  return result.report.failures.filter((check) => applied.some((waiver) => isWaived(waiver, check)));
}
