import type { ReportView, Tone } from '../../../webview/protocol';
import type { StagingRunReport } from '../../engine';
import { oneLine } from '../format';
import * as messages from '../messages';
import { inPalette } from '../palette-words';
import * as words from '../staging-messages';
import { exitText } from './verdict-strip';

const VERDICTS: Readonly<Record<string, { tone: Tone; word: () => string }>> = {
  PASS: { tone: 'pass', word: words.success },
  FAIL: { tone: 'fail', word: words.failed },
};

/** The first thing that the report of a staging run says; a verdict only where the ledger holds one. */
export function stagingStrip(
  { item, result, verdict }: StagingRunReport,
  newest: boolean,
  hold: string | null,
): ReportView['strip'] {
  const remedy = newest && hold !== null ? inPalette(oneLine(hold, 500)) : '';
  if (verdict) {
    const byAgent = verdict.producer === 'agent';
    const known = VERDICTS[verdict.verdict];
    return {
      tone: known?.tone ?? 'inconclusive',
      word: known?.word() ?? verdict.verdict,
      sentence: oneLine(verdict.reason, 500),
      remedy: remedy || (newest && verdict.verdict === 'FAIL' ? messages.fixAndAdvance(item.branch) : ''),
      decidedBy: byAgent ? 'agent' : 'exit-code',
      decided: byAgent
        ? messages.decidedByAgent()
        : messages.decidedByExit(exitText({ exitCode: result.remote.exitCode, signal: null })),
    };
  }
  const kind = result.status === 'infra' ? result.class : null;
  return {
    tone: kind === 'cancelled' ? 'none' : 'infra',
    word: wordWithoutVerdict(item.condition, kind, newest),
    sentence: result.status === 'infra' ? words.infraSentence(result.cause, result.detail) : messages.notJudgedYet(),
    remedy,
    decidedBy: 'nobody',
    decided: messages.decidedByNobody(),
  };
}

function wordWithoutVerdict(condition: string, kind: string | null, newest: boolean): string {
  if (kind === 'cancelled') return messages.cancelledWord();
  // What is held for a look may be the code's fault: it must not be called infra.
  if (newest && condition === 'held') return kind === 'held' ? words.held() : messages.heldInfraWord();
  if (newest && condition === 'deferred') return messages.deferredInfraWord();
  return messages.noVerdictWord();
}
