import type { Finding } from './finding';
import type { BytePath } from './trees';

/** A person's word that one finding is meant. That it was a person is checked where it is recorded. */
export interface Waiver {
  item: string;
  path: BytePath;
  lineHash: string;
  reason: string;
}

export interface WaivedFinding {
  finding: Finding;
  waiver: Waiver;
}

/** Takes out of the blocking findings exactly those that a waiver of this item names by path and line. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  item: string,
): { blocking: Finding[]; waived: WaivedFinding[]; warnings: Finding[] } {
  const blocking: Finding[] = [];
  const waived: WaivedFinding[] = [];
  for (const finding of findings) {
    if (!finding.blocks) continue;
    const waiver = waivers.find(
      ({ item: of, path, lineHash, reason }) =>
        of === item && path === finding.path && lineHash === finding.lineHash && reason.trim() !== '',
    );
    if (waiver) waived.push({ finding, waiver });
    else blocking.push(finding);
  }
  return { blocking, waived, warnings: findings.filter((finding) => !finding.blocks) };
}
