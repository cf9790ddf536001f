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
  const decided = ledger.read.transitions(item.id).some((row) => row.run === run.id && row.outcome !== 'started');
  if (decided) return undefined;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  if (tip === null) return undefined;
  const tree = await git.treeWithout(tip, artifactsFolder(context.loaded.config, item.id));
  return tree === run.tree ? run : undefined;
}
