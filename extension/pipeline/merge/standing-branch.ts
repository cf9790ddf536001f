import type { VerdictRow } from '../../ledger/rows';
import { artifactsFolder } from '../artifacts-folder';
import type { AdvanceContext } from '../context';
import type { Reason } from '../outcome';

export type StandingBranch = { ok: true; head: string; tree: string } | { ok: false; reason: Reason };

/**
 * Whether the branch holds what was tested, and looked at on staging where the project has that: the newest verdict of each such stage
 * must be a PASS for the branch's present tree. Only then may it be landed.
 */
export async function standingBranch(
  context: Pick<AdvanceContext, 'ports' | 'loaded' | 'item'>,
): Promise<StandingBranch> {
  const { item, ports, loaded } = context;
  const head = await ports.git.commitOf(`refs/heads/${item.branch}`);
  if (head === null)
    return {
      ok: false,
      reason: {
        code: 'branch-missing',
        text: `there is no branch ${item.branch}, so there is nothing to land`,
        remedy: `Bring it back (git branch ${item.branch} <commit>), or interlock send-back ${item.id}`,
      },
    };
  const tree = await ports.git.treeWithout(head, artifactsFolder(loaded.config, item.id));
  const verdicts = ports.ledger.read.verdicts(item.id);
  for (const stage of ['testing', 'deploy-staging'] as const) {
    if (!loaded.config.stages.includes(stage)) continue;
    const newest = verdicts.find((verdict) => verdict.stage === stage);
    const why = whyUnproven(newest, tree, item.branch, stage);
    if (why !== undefined)
      return {
        ok: false,
        reason: { code: 'forged-or-stale', text: why, remedy: `interlock send-back ${item.id}, then test it again` },
      };
  }
  return { ok: true, head, tree };
}

function whyUnproven(newest: VerdictRow | undefined, tree: string, branch: string, stage: string): string | undefined {
  if (newest?.verdict !== 'PASS')
    return `the ledger's newest verdict of ${stage} is ${newest?.verdict ?? 'missing'}, not PASS`;
  if (newest.tree !== tree) return `${branch} is no longer at the tree ${newest.tree.slice(0, 8)} that passed ${stage}`;
  return undefined;
}
