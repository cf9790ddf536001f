import { carryCheck } from './carry-check';
import type { CheckLimits } from './check-limits';
import { pathFinding, type Finding } from './finding';
import { markersHold } from './markers-hold';
import { numberCollisions } from './number-collisions';
import type { NumberReservation, RenumberPlan } from './number-plan';
import type { BytePath, Trees } from './trees';
import { applyWaivers, type WaivedFinding, type Waiver } from './waivers';

/** One item's step onto main. In a batch every item has its own: `main` is what stands before it in the stack. */
export interface CandidateToCheck {
  /** The work item's id. */
  item: string;
  /** The recorded fork point, a commit. */
  base: string;
  /** The commit that the candidate was built on. */
  main: string;
  /** The reviewed head that went into the candidate. */
  head: string;
  /** Heads that were kept before a conflict bounce, oldest first. Their work has to be in the candidate as well. */
  anchors: readonly string[];
  /** The candidate commit or its tree. */
  candidate: string;
}

export interface CheckOptions {
  /** Globs of generated files: left out of the carry check and listed as not checked. */
  generated: readonly string[];
  /** Path of the changelog; undefined: the project has none. */
  changelog: BytePath | undefined;
  /** Series of numbered documents: `docs/adr/adr-*.md`, the star begins with digits. */
  series: readonly string[];
  /** Numbers that items have reserved, also this item's own. */
  reserved: readonly NumberReservation[];
  limits?: Partial<CheckLimits>;
}

export interface CandidateChecks {
  /** Empty: the candidate may be tested. */
  blocking: Finding[];
  waived: WaivedFinding[];
  warnings: Finding[];
  /** Changed paths that a `generated` glob keeps out. */
  notChecked: BytePath[];
  /** How to end the number collisions, if there are any. */
  plan: RenumberPlan | undefined;
}

/** A report with more is read by nobody; what is beyond it blocks as one finding. */
const MOST_FINDINGS = 1_000;

/**
 * Runs the carry check (for the head and for every anchor), the numbers and the markers. Throws `GitFailure` when git
 * could not say (no verdict), and `RangeError` for a series that is none.
 */
export async function checkCandidate(
  trees: Trees,
  candidate: CandidateToCheck,
  options: CheckOptions,
  waivers: readonly Waiver[],
): Promise<CandidateChecks> {
  const { item, base, main, head, anchors, candidate: result } = candidate;
  const limits = options.limits ?? {};
  const findings: Finding[] = [];
  const notChecked = new Set<BytePath>();
  for (const work of new Set([...anchors, head])) {
    const carried = await carryCheck(trees, { base, main, item: work, result }, { ...options, limits });
    findings.push(...carried.findings);
    for (const path of carried.notChecked) notChecked.add(path);
  }
  const numbers = await numberCollisions(trees, { candidate: result, main, item }, { ...options, limits });
  findings.push(...numbers.findings, ...(await markersHold(trees, { candidate: result, main }, { limits })));
  return {
    ...applyWaivers(bounded(distinct(findings)), waivers, item),
    notChecked: [...notChecked],
    plan: numbers.plan,
  };
}

/** The head and an anchor may miss the same line; the answer that blocks counts. */
function distinct(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const key = [finding.check, finding.path, finding.side, finding.lineHash].join('\0');
    const known = kept.get(key);
    if (!known || (finding.blocks && !known.blocks)) kept.set(key, finding);
  }
  return [...kept.values()];
}

function bounded(findings: readonly Finding[]): Finding[] {
  const listed = findings.filter((finding) => finding.blocks);
  const warnings = findings.filter((finding) => !finding.blocks).slice(0, MOST_FINDINGS);
  const rest = listed.splice(MOST_FINDINGS);
  if (rest.length === 0) return [...listed, ...warnings];
  const unlisted = pathFinding('UNCHECKED', {
    path: '',
    facts: rest.map(({ kind, path, lineHash }) => `${kind} ${path} ${lineHash}`),
    detail: `${rest.length} more findings that block are not listed`,
  });
  return [...listed, unlisted, ...warnings];
}
