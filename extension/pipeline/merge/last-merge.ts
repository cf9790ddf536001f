import { MergeRunResult, type MergedItem } from '../../../runner-host/protocol/merge';
import type { LedgerReads } from '../../ledger/ledger';

/** What the newest run of the gate said of the item; undefined: none has come to an end. */
export function lastMerged(
  read: Pick<LedgerReads, 'runs'>,
  item: string,
): { run: string; merged: MergedItem } | undefined {
  for (const run of read.runs(item)) {
    if (run.kind !== 'merge') continue;
    const result = MergeRunResult.parse(JSON.parse(run.result));
    const merged = result.status === 'gate-ended' ? result.items.find((one) => one.item === item) : undefined;
    if (merged) return { run: run.id, merged };
  }
  return undefined;
}
