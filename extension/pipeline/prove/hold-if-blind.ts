import type { AdvanceContext } from '../context';
import type { AdvanceReport } from '../outcome';
import { recordAndReport } from '../record';
import { blindGate } from './proof-record';

/**
 * Holds the item where the last proof found the gate blind. A verdict that such a gate gave (`run`) is spent by that: it is
 * not acted upon once a later proof succeeds.
 */
export async function holdIfBlind(
  context: AdvanceContext,
  passed?: { run: string; result: string },
): Promise<AdvanceReport | undefined> {
  const blind = blindGate(context.ports.ledger.read);
  if (!blind) return undefined;
  const { id } = context.item;
  const reason = { ...blind, remedy: `${blind.remedy} interlock release ${id}` };
  if (!passed) return recordAndReport(context, { type: 'permanent', run: null, reason });
  return recordAndReport(
    context,
    { type: 'inconclusive', run: passed.run, reason },
    { ...passed, verdict: 'INCONCLUSIVE' },
  );
}
