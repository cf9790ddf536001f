import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import { foreignReport } from './gates/check-provenance';
import type { AdvanceReport, Reason } from './outcome';
import type { WorktreeState } from './ports';
import { recordAndReport, refuseVisibly } from './record';
import { reportOnBranch, type ArtifactKind } from './report-on-branch';

export type Standing = { ok: true; head: string; tree: string } | { ok: false; report: AdvanceReport };

/**
 * Whether a run may be about what the item's branch holds: its worktree is there, at the branch and without changes that no
 * commit holds, and an artifact of the stage that lies there already is one that Interlock wrote. If not, the item says why.
 */
export async function standingWorktree(context: AdvanceContext, artifact: ArtifactKind<unknown>): Promise<Standing> {
  const { item, ports, loaded } = context;
  const folder = artifactsFolder(loaded.config, item.id);
  const worktree = await ports.git.worktree(item.worktree, loaded.config.test?.report?.path ?? null);
  const unusable = whyUnusable(context, worktree);
  if (unusable)
    return { ok: false, report: await recordAndReport(context, { type: 'permanent', run: null, reason: unusable }) };
  if (worktree.state !== 'present') throw new Error('unreachable: an unusable worktree was reported above');
  const report = await reportOnBranch(context, artifact, 'worktree');
  const foreign = foreignReport({ item: item.id, report, artifacts: ports.ledger.read.artifacts(item.id) });
  if (foreign) return { ok: false, report: await refuseVisibly(context, foreign.reason) };
  const dirty = worktree.dirty.filter((path) => !path.startsWith(`${folder}/`));
  if (dirty.length > 0) {
    const shown = dirty.slice(0, 5).join(', ') + (dirty.length > 5 ? `, and ${dirty.length - 5} more` : '');
    const reason: Reason = {
      code: 'worktree-dirty',
      text: `the worktree has changes that no commit holds: ${shown}`,
      remedy: 'Commit them, or remove them, then advance.',
    };
    return { ok: false, report: await refuseVisibly(context, reason) };
  }
  return { ok: true, head: worktree.head, tree: await ports.git.treeWithout(worktree.head, folder) };
}

function whyUnusable(context: AdvanceContext, worktree: WorktreeState) {
  const { item } = context;
  switch (worktree.state) {
    case 'missing':
      return {
        code: 'worktree-missing',
        text: `the worktree ${item.worktree} is gone`,
        remedy: `git worktree add "${item.worktree}" ${item.branch}, then interlock release ${item.id}`,
      };
    case 'not-a-worktree':
      return {
        code: 'worktree-missing',
        text: `${item.worktree} is not a worktree of this repository: ${worktree.detail}`,
        remedy: `Move it away, git worktree add "${item.worktree}" ${item.branch}, then interlock release ${item.id}`,
      };
    case 'present':
      if (worktree.branch === item.branch) return undefined;
      return {
        code: 'worktree-elsewhere',
        text: `the worktree ${item.worktree} has ${worktree.branch ?? 'a detached HEAD'} checked out, not ${item.branch}`,
        remedy: `git -C "${item.worktree}" switch ${item.branch}, then interlock release ${item.id}`,
      };
  }
}
