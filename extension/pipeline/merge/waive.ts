import type { MergeFinding } from '../../../runner-host/protocol/merge-outcome';
import type { PipelinePorts } from '../context';
import { unknownItem, type CommandOutcome } from '../person-commands';
import { lastMerged } from './last-merge';
import { isPerson, refuseAgent } from './only-persons';
import { findingText } from './route-outcome';

export interface WaiveCommand {
  item: string;
  actor: string;
  reason: string;
  /** The finding's line hash, or its first 8 digits and more. */
  finding: string;
}

/**
 * A person's word that one finding of the merge gate is meant: recorded with name and reason, and handed to the gate with each later
 * run of the item. It clears that line of that path alone.
 */
export async function waiveFinding(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  { item: id, actor, reason, finding: hash }: WaiveCommand,
): Promise<CommandOutcome> {
  if (!isPerson(actor)) return refuseAgent(actor, 'waive a finding');
  if (reason.trim() === '') return refuse('reason-missing', 'why it is meant is not said', '--reason TEXT');
  await ledger.refresh();
  const { read } = ledger;
  const item = read.item(id);
  if (!item) return { ok: false, reason: unknownItem(id) };
  const outcome = lastMerged(read, id)?.merged.outcome;
  const all = outcome && 'findings' in outcome ? outcome.findings : [];
  const found = /^[0-9a-f]{8,64}$/.test(hash) ? all.filter(({ lineHash }) => lineHash.startsWith(hash)) : [];
  if (new Set(found.map(({ lineHash }) => lineHash)).size > 1)
    return refuse('ambiguous-finding', `more than one finding begins with ${hash}`, 'Write more of its digits');
  if (found.length === 0) return unknownFinding(id, hash, all);
  const at = clock.now();
  const rows = found
    .map(({ kind, path, lineHash }) => ({
      id: `${id}/${lineHash}/${path}`,
      item: id,
      kind,
      path,
      line_hash: lineHash,
      reason,
      actor,
      at,
    }))
    .filter((row, index, list) => list.findIndex((other) => other.id === row.id) === index)
    .filter((row) => !read.waivers(id).some((known) => known.id === row.id));
  if (rows.length === 0) return refuse('waived-already', 'it is waived already', `interlock advance ${id}`);
  const written = await ledger.commit({
    actor,
    event: 'waive',
    pre: rows.map((row) => ['waivers', row.id, null]),
    put: rows.map((row) => ['waivers', row]),
  });
  if (!written.ok) return refuse('waived-already', 'somebody has waived it meanwhile', `interlock report ${id}`);
  return { ok: true, item, text: `waived by ${actor}: ${found.map(findingText).join('; ')}` };
}

function unknownFinding(id: string, hash: string, all: readonly MergeFinding[]): CommandOutcome {
  const known = all.slice(0, 10).map(findingText).join('; ');
  const text = `the newest run of the gate has no finding ${hash === '' ? '(none was named)' : hash}`;
  return refuse('unknown-finding', all.length === 0 ? text : `${text}; it has: ${known}`, `interlock report ${id}`);
}

function refuse(code: string, text: string, remedy: string): CommandOutcome {
  return { ok: false, reason: { code, text, remedy } };
}
