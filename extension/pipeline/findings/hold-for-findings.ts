import type { AdvanceContext } from '../context';
import type { AdvanceReport, Verdict } from '../outcome';
import { recordAndReport } from '../record';
import { acknowledgementOf, findingsOf, shortSet } from './acknowledged';

/** Holds an item whose verdict is PASS until a person has acknowledged what it changed of its own judges. */
export async function holdForFindings(
  context: AdvanceContext,
  facts: { run: string; result: string; verdict: Verdict },
): Promise<AdvanceReport | undefined> {
  const { item, ports } = context;
  const { read } = ports.ledger;
  const findings = findingsOf(read, facts.run);
  if (!findings?.hash || acknowledgementOf(read, item.id, findings.hash)) return undefined;
  const grave = findings.first.filter((one) => one.needsPerson);
  const named = grave.slice(0, 3).map(({ path, detail }) => `${path} (${detail})`);
  const more = findings.needPerson - named.length;
  const reason = {
    code: 'findings',
    text: `the suite is green, but the item changed what it is judged by: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    remedy: `Look at the changes, then: interlock acknowledge ${item.id} --set ${shortSet(findings.hash)}`,
  };
  return recordAndReport(context, { type: 'needs-person', run: facts.run, reason }, facts);
}

/** Who has seen the run's findings, and whether the run stands without another one; empty where there was nothing to see. */
export function acknowledged({ item, ports }: AdvanceContext, run: string): string {
  const { read } = ports.ledger;
  const hash = findingsOf(read, run)?.hash;
  const word = hash && acknowledgementOf(read, item.id, hash);
  if (!word) return '';
  const stands = word.run === run ? ', and the run stands: identical tree and configuration' : '';
  return `; findings ${shortSet(hash)} seen by ${word.actor}${stands}`;
}
