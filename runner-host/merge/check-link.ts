import type { MergeFinding, MergeOutcome } from '../protocol/merge-outcome';
import { checkCandidate, type CandidateChecks } from './checks/check-candidate';
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
  const by = ({ path, lineHash }: Pick<Finding, 'path' | 'lineHash'>): string =>
    item.waivers.find((waiver) => waiver.path === path && waiver.lineHash === lineHash)?.by ?? 'nobody';
  const unchecked = checks.notChecked.map((path) => `not checked, generated: ${shownPath(path)}`);
  entry.passed = {
    waived: checks.waived.map(({ finding, waiver }) => {
      return { what: lineOf(finding), by: by(finding), reason: waiver.reason };
    }),
    warnings: [...checks.warnings.map(lineOf), ...unchecked],
  };
  entry.seen.warnings = [...waived, ...checks.warnings.map(lineOf), ...unchecked].slice(0, MOST_WARNINGS);
  if (checks.blocking.length === 0) return;
  settle(entry, blockedBy(checks));
}

/** What is lost comes first: the other two may be gone when it is back. What nobody could look at is no loss, and comes last. */
function blockedBy({ blocking, plan }: Pick<CandidateChecks, 'blocking' | 'plan'>): MergeOutcome {
  const of = (check: Finding['check']): Finding[] => blocking.filter((finding) => finding.check === check);
  const found = (check: Finding['check']): boolean => of(check).some(({ kind }) => kind !== 'UNCHECKED');
  if (found('carry')) return { outcome: 'CARRY_FAIL', ...listed(of('carry')), remedy: CARRY_REMEDY };
  if (found('numbers'))
    return { outcome: 'NUMBER_COLLISION', ...listed(of('numbers')), plan: plan ?? null, remedy: NUMBER_REMEDY };
  if (found('markers')) return { outcome: 'MARKER_LOST', ...listed(of('markers')), remedy: MARKER_REMEDY };
  return { outcome: 'UNCHECKED', ...listed(blocking), remedy: UNCHECKED_REMEDY };
}

const CARRY_REMEDY = 'Put the listed lines back on the branch; or a person waives each finding with a reason';
const NUMBER_REMEDY = 'Renumber the item’s documents (a command does it), then review the branch again';
const UNCHECKED_REMEDY =
  'A person looks at each by hand and waives it with a reason, or brings the file below the limit of the checks';
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
