import type { FindingEvidence } from '../../artifacts/evidence';
import type { LedgerReads } from '../../ledger/ledger';
import type { TransitionRow } from '../../ledger/rows';
import { JobRules } from '../job-rules';

/** The person's word on exactly this set of findings of the item, or undefined. Another set needs another word. */
export function acknowledgementOf(
  read: Pick<LedgerReads, 'transitions' | 'job'>,
  item: string,
  hash: string,
): TransitionRow | undefined {
  return read
    .transitions(item)
    .findLast((row) => row.outcome === 'acknowledged' && row.run !== null && findingsOf(read, row.run)?.hash === hash);
}

/** What a run's verdict rests on as far as findings go; undefined where nobody looked for any. */
export function findingsOf(read: Pick<LedgerReads, 'job'>, run: string): FindingEvidence | undefined {
  const job = read.job(run);
  return job && JobRules.parse(JSON.parse(job.rules)).evidence?.findings;
}

/** How people name a set. */
export const shortSet = (hash: string): string => hash.slice(0, 12);
