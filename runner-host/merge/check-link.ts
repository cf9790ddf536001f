import type { MergeFinding, MergeOutcome } from '../protocol/merge-outcome';
import { checkCandidate } from './checks/check-candidate';
import type { Finding } from './checks/finding';
import { shownPath } from './conflict-files';
import { settle, type Entry, type Gate } from './gate';

const MOST_FINDINGS = 200;
const MOST_WARNINGS = 50;

/** Runs the checks over a candidate and settles the item if one of them blocks. Throws `GitFailure`. */
export async function settleChecks(gate: Gate, entry: Entry, main: string, candidate: string): Promise<void> {
  const { spec, trees } = gate;
  const { item } = entry;
  const checks = await checkCandidate(
    trees,
    { item: item.item, base: item.fork, main, head: item.head, anchors: item.anchors, candidate },
    {
      generated: spec.generated,
      changelog: spec.changelog === null ? undefined : Buffer.from(spec.changelog, 'utf8').toString('latin1'),
      series: spec.numbered,
      reserved: spec.reserved,
    },
    item.waivers.map(({ path, lineHash, reason }) => ({ item: item.item, path, lineHash, reason })),
  );
  const waived = checks.waived.map(({ finding, waiver }) => `waived (${waiver.reason}): ${lineOf(finding)}`);
  const unchecked = checks.notChecked.map((path) => `not checked, generated: ${shownPath(path)}`);
  entry.seen.warnings = [...waived, ...checks.warnings.map(lineOf), ...unchecked].slice(0, MOST_WARNINGS);
  const [first] = checks.blocking;
  if (first === undefined) return;
  const of = (check: Finding['check']): Finding[] => checks.blocking.filter((finding) => finding.check === check);
  // What is lost comes first: the other two may be gone when it is back.
  const carry = of('carry');
  if (carry.length > 0) return settle(entry, { outcome: 'CARRY_FAIL', ...listed(carry), remedy: CARRY_REMEDY });
  const numbers = of('numbers');
  const outcome: MergeOutcome =
    numbers.length > 0
      ? { outcome: 'NUMBER_COLLISION', ...listed(numbers), plan: checks.plan ?? null, remedy: NUMBER_REMEDY }
      : { outcome: 'MARKER_LOST', ...listed(of('markers')), remedy: MARKER_REMEDY };
  settle(entry, outcome);
}

const CARRY_REMEDY = 'Put the listed lines back on the branch; or a person waives each finding with a reason';
const NUMBER_REMEDY = 'Renumber the item’s documents (a command does it), then review the branch again';
const MARKER_REMEDY = 'Make what the marker names true again; only "retired" with a reason takes a marker out';

function listed(findings: readonly Finding[]): { findings: MergeFinding[]; more: number; detail: string } {
  const shown = findings.slice(0, MOST_FINDINGS).map(({ check, kind, path, side, line, count, lineHash, detail }) => {
    return { check, kind, path, side: side ?? null, line, count, lineHash, detail };
  });
  const more = findings.length - shown.length;
  return { findings: shown, more, detail: findings.slice(0, 5).map(lineOf).join('; ') };
}

function lineOf({ kind, path, line, detail }: Finding): string {
  return `${kind} ${shownPath(path)}: ${detail}${line === '' ? '' : ` (${line.slice(0, 120)})`}`;
}
