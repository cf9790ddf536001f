import type { RunRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';

/**
 * The item's newest run whose result is in the ledger but has not moved the item yet: the process that settled it died, or
 * a person held the item meanwhile. A result for another tree than the branch's present one is left alone: it neither
 * proves nor blames what stands there now.
 */
export async function undecidedRun(context: AdvanceContext): Promise<RunRow | undefined> {
  const { ledger, git } = context.ports;
  const { item } = context;
  const run = ledger.read.runs(item.id)[0];
  if (!run || run.stage !== item.stage) return undefined;
  const last = ledger.read.transitions(item.id).findLast((row) => row.run === run.id);
  // A person's word on its findings leaves a run to be decided again.
  if (last && last.outcome !== 'started' && last.outcome !== 'acknowledged') return undefined;
  // One that waited for that word may have been judged by rules that base no longer has: then it is run again.
  const judgedBy = ledger.read.verdict(run.id)?.config_hash;
  if (last?.outcome === 'acknowledged' && judgedBy !== context.loaded.hash) return undefined;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  if (tip === null) return undefined;
  const tree = await git.treeWithout(tip, artifactsFolder(context.loaded.config, item.id));
  return tree === run.tree ? run : undefined;
}
