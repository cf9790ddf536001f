import { leaseStillHeld } from '../ledger/lease';
import type { VerdictRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import type { Reason } from './outcome';
import { leaseLost } from './record';

/**
 * Puts a run's report on the branch, if it still stands at the tree that the verdict is about. A red report that cannot be
 * committed is no reason to keep the item from going back, so only a PASS cares for the problem returned.
 */
export async function commitReport(
  context: AdvanceContext,
  report: { path: string; text: string },
  about: { noun: string; verdict: VerdictRow },
): Promise<Reason | undefined> {
  const { ledger, git } = context.ports;
  const { item, loaded } = context;
  const { noun, verdict } = about;
  const worktree = await git.worktree(item.worktree);
  if (worktree.state !== 'present' || worktree.branch !== item.branch) {
    return {
      code: 'report-not-committed',
      text: `the worktree ${item.worktree} is not at ${item.branch}`,
      remedy: `interlock why ${item.id}`,
    };
  }
  const present = await git.readFile(worktree.head, report.path);
  if (present?.toString('utf8') === report.text) return undefined;
  if ((await git.treeWithout(worktree.head, artifactsFolder(loaded.config, item.id))) !== verdict.tree) {
    return {
      code: 'forged-or-stale',
      text: `${item.branch} has moved on from the tested tree ${verdict.tree.slice(0, 8)}`,
      remedy: `interlock advance ${item.id} tests the present one`,
    };
  }
  if (!(await leaseStillHeld(ledger, context.lease))) return leaseLost(item.id);
  try {
    const subject = `docs(${item.id}): ${noun}, ${verdict.verdict}`;
    await git.commitFile(item.worktree, report.path, report.text, subject, worktree.head);
    return undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    context.onProgress({ kind: 'note', item: item.id, text: `the report was not committed: ${detail}` });
    return {
      code: 'report-not-committed',
      text: `the report could not be committed: ${detail}`,
      remedy: `Then: interlock advance ${item.id}`,
    };
  }
}
