import * as messages from './messages';
import type { Counts } from './overview';
import type { WindowState } from './window-state';

export interface StatusLook {
  text: string;
  tooltip: string;
  /** A gate cannot work at all: the only thing that takes the error colour. */
  broken: boolean;
}

/** What the status bar says, with the facts of what is wrong in `detail`; undefined where Interlock has nothing to do. */
export function statusLook(state: WindowState, counts: Counts, detail: string): StatusLook | undefined {
  switch (state) {
    case 'untrusted':
    case 'no-folder':
    case 'opening':
    case 'no-repository':
    case 'no-commits':
    case 'no-configuration':
    case 'uncommitted-configuration':
      if (counts.items === 0) return undefined;
      break;
    case 'ledger':
    case 'read-only':
      return {
        text: `$(error) ${messages.statusLedger()}`,
        tooltip: detail || messages.statusLedgerTooltip(),
        broken: true,
      };
    case 'failed':
    case 'broken-configuration':
      return {
        text: `$(warning) ${messages.statusBroken()}`,
        tooltip: detail || messages.statusBrokenTooltip(),
        broken: false,
      };
    case 'ready':
      break;
  }
  const icon = counts.running > 0 ? '$(loading~spin)' : counts.needsPerson > 0 ? '$(bell-dot)' : '$(pass)';
  const text = messages.statusCounts(counts);
  return { text: `${icon} ${text}`, tooltip: messages.statusTooltip(counts), broken: false };
}
