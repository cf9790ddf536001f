import * as z from 'zod/mini';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { EvidenceView } from '../../../webview/protocol';
import { Evidence, type TestName, type TestNames } from '../../artifacts/evidence';
import type { JobRow } from '../../ledger/rows';
import { oneLine, shortId } from '../format';
import * as messages from '../messages';

const LINES_SHOWN = 50;
const Rules = z.object({ evidence: z.optional(Evidence) });

/** What a verdict rests on besides its run; none where the job is gone or an older version wrote it otherwise. */
export function evidenceOf(job: JobRow | undefined): Evidence {
  try {
    return (job && Rules.parse(JSON.parse(job.rules)).evidence) ?? {};
  } catch {
    return {};
  }
}

/** One entry for each kind of evidence that there is; `open` are those that a person has to look at. */
export function evidenceView(evidence: Evidence, result: TestRunResult): EvidenceView[] {
  const { findings, base, flaky, names } = evidence;
  return [
    findings !== undefined &&
      findings.count > 0 &&
      entry(messages.findingsLabel(), messages.findingsCount(findings.count, findings.needPerson), {
        lines: [...findings.first]
          .sort((a, b) => Number(b.needsPerson) - Number(a.needsPerson))
          .map(({ kind, path, detail }) => messages.findingLine(kind, path, detail)),
        count: findings.count,
        open: findings.needPerson > 0,
      }),
    base && baseEntry(base),
    flaky &&
      entry(messages.flakyLabel(), messages.flakyTests(flaky.failed.count, flaky.unknown.count), {
        lines: named('', flaky.failed.first),
        count: flaky.failed.count,
        open: flaky.unknown.count > 0,
      }),
    names?.against && namesEntry(names),
    ...runEvidence(result),
  ].filter((one) => one !== false && one !== undefined && one !== null);
}

function baseEntry({ commit, end, detail, alsoRed }: NonNullable<Evidence['base']>): EvidenceView {
  const value = messages.againstBase(shortId(commit), end, detail, alsoRed.length);
  return entry(messages.againstBaseLabel(), value, { lines: named('', alsoRed), count: alsoRed.length });
}

function namesEntry({ fresh, gone, newlySkipped }: Record<'fresh' | 'gone' | 'newlySkipped', TestNames>): EvidenceView {
  const value = messages.namesChanged(fresh.count, gone.count, newlySkipped.count);
  return entry(messages.namesLabel(), value, {
    // What is missing first: nobody has to look for what is new.
    lines: [
      ...named(messages.nameGone(), gone.first),
      ...named(messages.nameNewlySkipped(), newlySkipped.first),
      ...named(messages.nameNew(), fresh.first),
    ],
    count: fresh.count + gone.count + newlySkipped.count,
  });
}

/** What the run itself says besides its tests: requests after it, and writes to the outside during it. */
function runEvidence({ smoke = [], guard }: TestRunResult): EvidenceView[] {
  const entries: EvidenceView[] = [];
  if (smoke.length > 0) {
    const bad = smoke.filter(({ outcome }) => outcome !== 'right').length;
    const lines = smoke.map(({ url, outcome, detail }) => messages.smokeLine(url, outcome, detail));
    entries.push(entry(messages.smokeLabel(), messages.smokeCount(smoke.length, bad), { lines, open: bad > 0 }));
  }
  if (guard && guard.blocked + guard.allowed + guard.unreadable > 0) {
    entries.push(
      entry(messages.outsideWritesLabel(), messages.outsideWrites(guard), {
        lines: guard.entries.map(messages.outsideWriteLine),
        count: guard.blocked + guard.allowed,
        open: guard.blocked + guard.unreadable > 0,
      }),
    );
  }
  return entries;
}

function entry(
  label: string,
  value: string,
  { lines, count = lines.length, open = false }: { lines: readonly string[]; count?: number; open?: boolean },
): EvidenceView {
  const shown = lines.slice(0, LINES_SHOWN).map((line) => oneLine(line, 300));
  return { label, value: oneLine(value, 300), lines: shown, more: Math.max(0, count - shown.length), open };
}

const named = (word: string, names: readonly TestName[]): string[] =>
  names.map(({ suite, name }) => messages.testLine(word, suite, name));
