import type { RunRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import type { AdvanceReport } from './outcome';
import { nothingWritten } from './record';

/** While the run was going a person may have held or moved the item: their word stands, and the verdict stays on record. */
export async function takeUpMeanwhile(
  context: AdvanceContext,
  run: Pick<RunRow, 'id' | 'stage'>,
): Promise<AdvanceReport | undefined> {
  const { ledger } = context.ports;
  await ledger.refresh();
  const now = ledger.read.item(context.item.id);
  if (!now) throw new Error(`the ledger no longer holds ${context.item.id}`);
  context.item = now;
  const hold = ledger.read.hold(now.id);
  if (hold) {
    const reason = { code: hold.code, text: hold.reason, remedy: hold.remedy };
    return nothingWritten(now, 'held', reason, { run: run.id });
  }
  if (now.stage === run.stage) return undefined;
  const reason = {
    code: 'changed-meanwhile',
    text: `${now.id} was moved to ${now.stage} while run ${run.id} was going; its verdict moves nothing`,
    remedy: `interlock report ${now.id} --run ${run.id}`,
  };
  return nothingWritten(now, 'refused', reason, { run: run.id });
}
