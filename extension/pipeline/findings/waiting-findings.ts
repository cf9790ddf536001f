import type { Finding } from '../../artifacts/evidence';
import type { LedgerReads } from '../../ledger/ledger';
import { findingsOf } from './acknowledged';

/** The findings that the item is held for; undefined where it is not. */
export function waitingFindings(
  read: Pick<LedgerReads, 'hold' | 'job'>,
  item: string,
): { run: string; hash: string; findings: Finding[]; count: number } | undefined {
  const hold = read.hold(item);
  const evidence = hold?.code === 'findings' && hold.run !== null ? findingsOf(read, hold.run) : undefined;
  if (!hold?.run || !evidence?.hash) return undefined;
  const findings = evidence.first.filter((one) => one.needsPerson);
  return { run: hold.run, hash: evidence.hash, findings, count: evidence.needPerson };
}
