import { INFRA_CLASS } from '../../../runner-host/protocol/result';
import type { ReportView, Tone } from '../../../webview/protocol';
import type { TestRunReport } from '../../engine';
import { oneLine } from '../format';
import * as messages from '../messages';
import { inPalette } from '../palette-words';

const VERDICT_TONES: Readonly<Record<string, Tone>> = { PASS: 'pass', FAIL: 'fail', INCONCLUSIVE: 'inconclusive' };

/**
 * The first thing that a report says. A verdict is told only where the ledger holds one; `newest` says whether the item's
 * present condition is still that of this run.
 */
export function verdictStrip(
  { item, result, verdict }: TestRunReport,
  newest: boolean,
  hold: string | null,
): ReportView['strip'] {
  const remedy = hold === null ? null : inPalette(oneLine(hold, 500));
  if (verdict) {
    const byAgent = verdict.producer === 'agent';
    return {
      tone: VERDICT_TONES[verdict.verdict] ?? 'inconclusive',
      word: verdict.verdict,
      sentence: oneLine(verdict.reason, 500),
      remedy: newest ? (remedy ?? (verdict.verdict === 'FAIL' ? messages.fixAndAdvance(item.branch) : '')) : '',
      decidedBy: byAgent ? 'agent' : 'exit-code',
      decided: byAgent ? messages.decidedByAgent() : messages.decidedByExit(exitText(result.supervision)),
    };
  }
  const kind = result.status === 'infra' ? INFRA_CLASS[result.cause] : null;
  return {
    tone: kind === 'cancelled' ? 'none' : 'infra',
    word: wordWithoutVerdict(item.condition, kind, newest),
    sentence: result.status === 'infra' ? oneLine(result.detail, 500) : messages.notJudgedYet(),
    remedy: (newest && remedy) || '',
    decidedBy: 'nobody',
    decided: messages.decidedByNobody(),
  };
}

function wordWithoutVerdict(condition: string, kind: string | null, newest: boolean): string {
  if (kind === 'cancelled') return messages.cancelledWord();
  if (newest && condition === 'held') return messages.heldInfraWord();
  if (newest && condition === 'deferred') return messages.deferredInfraWord();
  return messages.noVerdictWord();
}

/** `0`, `1`, `signal SIGKILL`, or `none` for a command that never ended by itself. */
export function exitText({ exitCode, signal }: { exitCode: number | null; signal: string | null }): string {
  if (exitCode !== null) return String(exitCode);
  return signal ? `signal ${signal}` : 'none';
}
