import type { AttemptView, Tone } from '../../../webview/protocol';
import type { JobRow, RunRow, VerdictRow } from '../../ledger/rows';
import { clock, duration, oneLine } from '../format';
import { MARKS, type Mark } from '../tree/row';
import { countsText, runMark } from '../tree/run-row';

/** More are in the tree; the strip is for the eye. */
const SHOWN = 20;

const TONES = new Map<Mark, Tone>([
  [MARKS.passed, 'pass'],
  [MARKS.failed, 'fail'],
  [MARKS.inconclusive, 'inconclusive'],
  [MARKS.infra, 'infra'],
]);

/** The item's last runs, oldest first as a person reads a history, with the one that is shown marked. */
export function attempts(
  runs: readonly RunRow[],
  verdictOf: (run: string) => VerdictRow | undefined,
  going: JobRow | undefined,
  shown: string,
  now: number,
): AttemptView[] {
  const several = new Set([...runs, ...(going ? [going] : [])].map(({ stage }) => stage)).size > 1;
  const at = (stage: string): string => (several ? `${stage}, ` : '');
  const finished = runs.slice(0, SHOWN).map((run): AttemptView => {
    const verdict = verdictOf(run.id);
    const mark = runMark(run, verdict);
    return {
      run: run.id,
      tone: TONES.get(mark) ?? 'none',
      word: mark.word,
      when: `${at(run.stage)}${clock(run.started_at, now)}, ${duration(run.duration_ms)}`,
      note: oneLine(verdict ? countsText(verdict) || verdict.reason : (run.detail ?? run.cause ?? '')),
      shown: run.id === shown,
    };
  });
  if (going) {
    finished.unshift({
      run: going.id,
      tone: 'running',
      word: MARKS.running.word,
      when: `${at(going.stage)}${clock(going.created_at, now)}`,
      note: '',
      shown: going.id === shown,
    });
  }
  return finished.reverse();
}
