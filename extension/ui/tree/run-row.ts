import { INFRA_CLASS } from '../../../runner-host/protocol/result';
import type { ArtifactRow, JobRow, RunRow, VerdictRow } from '../../ledger/rows';
import type { RunActivity } from '../activity';
import { age, clock, duration, oneLine, shortId } from '../format';
import { MARKS, type Mark, type TreeRow } from './row';

/** How a finished run ended. A run without a verdict is infra or was cancelled; it never looks like a red suite. */
export function runMark(run: RunRow, verdict: VerdictRow | undefined): Mark {
  switch (verdict?.verdict) {
    case 'PASS':
      return MARKS.passed;
    case 'FAIL':
      return MARKS.failed;
    case 'INCONCLUSIVE':
      return MARKS.inconclusive;
    default:
      return isCancelled(run) ? MARKS.cancelled : MARKS.infra;
  }
}

function isCancelled(run: RunRow): boolean {
  const known: Readonly<Record<string, string>> = INFRA_CLASS;
  return run.cause !== null && known[run.cause] === 'cancelled';
}

/** `1 of 12 failed`, `12 passed`, or empty where no report counted them. */
export function countsText(verdict: Pick<VerdictRow, 'tests' | 'failed' | 'skipped'> | undefined): string {
  if (!verdict || verdict.tests === null) return '';
  if (verdict.failed) return `${verdict.failed} of ${verdict.tests} failed`;
  const skipped = verdict.skipped ?? 0;
  return skipped ? `${verdict.tests - skipped} passed, ${skipped} skipped` : `${verdict.tests} passed`;
}

/** The tree's line for a finished run. `number` counts the item's runs from 1. */
export function runRow(run: RunRow, verdict: VerdictRow | undefined, number: number, now: number): TreeRow {
  const mark = runMark(run, verdict);
  // Of the merge gate the outcome says more than its suite.
  const outcome = run.kind === 'merge' ? verdict?.reason_code.replaceAll('-', ' ') : undefined;
  const facts = outcome ?? (verdict ? countsText(verdict) || exitText(run) : (run.cause ?? exitText(run)));
  const description = [mark.word, facts, duration(run.duration_ms), age(run.started_at, now)]
    .filter(Boolean)
    .join(' · ');
  return {
    label: `Run ${number}`,
    description,
    tooltip: [
      `Run ${number} (${run.id}): ${mark.word}`,
      oneLine(verdict?.reason ?? run.detail ?? '', 500),
      `Started ${clock(run.started_at, now)}, took ${duration(run.duration_ms)}, commit ${shortId(run.head)}`,
    ]
      .filter(Boolean)
      .join('\n'),
    icon: mark.icon,
    colour: mark.colour,
    spoken: `run ${number}, ${description}`,
    context: 'run canReport hasLog',
    folding: 'leaf',
  };
}

function exitText(run: RunRow): string {
  if (run.signal) return `signal ${run.signal}`;
  return run.exit_code === null ? '' : `exit code ${run.exit_code}`;
}

/** The tree's line for a run that has no result yet. */
export function jobRow(job: JobRow, activity: RunActivity | undefined, number: number, now: number): TreeRow {
  const known = activity?.run === job.id ? activity : undefined;
  const mark = MARKS[known?.state ?? 'running'];
  const place = known?.state === 'queued' && known.position !== null ? `position ${known.position}` : '';
  const description = [mark.word, place, age(job.created_at, now)].filter(Boolean).join(' · ');
  return {
    label: `Run ${number}`,
    description,
    tooltip: `Run ${number} (${job.id}): ${mark.word}\nStarted ${clock(job.created_at, now)}, commit ${shortId(job.head)}`,
    icon: mark.icon,
    colour: mark.colour,
    spoken: `run ${number}, ${description}`,
    context: 'run canReport canCancel hasLog',
    folding: 'leaf',
  };
}

/** The tree's line for a file that Interlock wrote. */
export function artifactRow(artifact: ArtifactRow, now: number): TreeRow {
  const name = artifact.path.slice(artifact.path.lastIndexOf('/') + 1);
  return {
    label: name,
    description: age(artifact.at, now),
    tooltip: `${artifact.path}\nWritten ${clock(artifact.at, now)}, sha256 ${shortId(artifact.sha256)}…`,
    icon: 'file',
    colour: null,
    spoken: `artifact ${name}, written ${clock(artifact.at, now)}`,
    context: 'artifact',
    folding: 'leaf',
  };
}
