import { createHash } from 'node:crypto';
import { commitFacts } from './commit-facts';
import { settle, type Entry, type Gate } from './gate';
import { notJudged, runOnCommit } from './run-command';

/** Runs the security command on the item's head, unless the journal has its PASS. Settles the item if it does not open. */
export async function judgeSecurity(gate: Gate, entry: Entry): Promise<void> {
  const { security } = gate.spec;
  if (security === null) return;
  const { item, journal, seen } = entry;
  const [facts] = await commitFacts(gate.mirror.git, [item.head]);
  if (facts === undefined) return;
  const key = createHash('sha256').update(JSON.stringify(security)).digest('hex');
  if (journal.verdict('security', item.head, key) !== null) {
    seen.security = { state: 'proven', commit: item.head, tree: facts.tree, by: 'journal' };
    return;
  }
  await gate.at('SECURITY', [entry]);
  await journal.write('SECURITY');
  const request = { of: 'security', item: item.item, command: security, commit: item.head, tree: facts.tree } as const;
  const { end } = await runOnCommit(gate, request, () => Promise.resolve());
  seen.security = end.test;
  if (end.state === 'green') return journal.passed({ of: 'security', commit: item.head, key, coverage: null });
  if (end.state !== 'red') return settle(entry, notJudged(end, 'security', security.timeoutMs));
  const { exitCode, signal } = end.result.supervision;
  settle(entry, {
    outcome: 'SECURITY',
    exitCode,
    signal,
    detail: `the security command ended with ${signal ?? `exit code ${exitCode ?? 'none'}`} on ${item.head.slice(0, 12)}`,
    remedy: 'Its findings are in the run’s output: mend them on the branch, or change the command’s thresholds on base',
  });
}
