import { backupRef, branchHead, deleteBranch, writeBackup } from './clean/backup-ref';
import type { CleanTools } from './clean/clean-tools';
import { listPlaces } from './clean/places';
import { stillNowhere, takeAway } from './clean/take-away';
import { worktreeStanding } from './clean/worktree-obstacles';
import { branchRef, type Gate, type Link } from './gate';

/**
 * Removes the item's worktree and branch from the user's repository if that was asked for, each only with the proof that a person's wish
 * to clean up needs, too; what is kept is said, with the reason. Never fails the landing.
 */
export async function cleanUpLocally(gate: Gate, link: Link): Promise<string[]> {
  const { localBranch, worktrees } = gate.spec.cleanup;
  if (!localBranch && !worktrees) return [];
  const said: string[] = [];
  try {
    if (worktrees) said.push(...(await removeItemWorktree(gate, link)));
    if (localBranch) said.push(await removeItemBranch(gate, link));
  } catch (error) {
    said.push(`kept: ${(error as Error).message}`);
  }
  return said;
}

function toolsOf({ mirror, context }: Gate): CleanTools {
  const { table, env, stop } = context;
  return { git: mirror.git, commonDir: mirror.user.commonDir, table, env, stop };
}

async function removeItemWorktree(gate: Gate, { entry }: Link): Promise<string[]> {
  const { item } = entry;
  const tools = toolsOf(gate);
  const said: string[] = [];
  for (const place of (await listPlaces(tools)).filter(({ branch }) => branch === branchRef(item))) {
    const { obstacles } = await worktreeStanding(tools, place, item.head, gate.spec.generated);
    if (obstacles.length === 0) await writeBackup(tools, item.item, branchRef(item), item.head);
    const inTheWay = obstacles.length > 0 ? obstacles : await takeAway(tools, place.path);
    said.push(
      inTheWay.length > 0
        ? `worktree ${place.path} kept: ${inTheWay.map(({ text }) => text).join('; ')}`
        : `worktree ${place.path} removed`,
    );
  }
  return said;
}

/** Only if its commits are in base (a squash: their content), it stands on the landed head, and no worktree has it. */
async function removeItemBranch(gate: Gate, { entry, tip }: Link): Promise<string> {
  const { item } = entry;
  const tools = toolsOf(gate);
  const ref = branchRef(item);
  const kept = (why: string): string => `branch ${item.branch} kept: ${why}`;
  const at = await branchHead(tools, ref);
  if (at === null) return `branch ${item.branch} is gone already`;
  if (at !== item.head) return kept(`it stands on ${at}, landed was ${item.head}`);
  const [taken] = await stillNowhere(tools, ref);
  if (taken !== undefined) return kept(taken.text);
  const reachable = gate.spec.style === 'squash' || (await gate.trees.isAncestor(item.head, tip));
  if (!reachable) return kept('its commits are not in base');
  await writeBackup(tools, item.item, ref, item.head);
  await deleteBranch(tools, ref, item.head, backupRef(item.item, item.head));
  return `branch ${item.branch} removed; ${backupRef(item.item, item.head)} keeps ${item.head}`;
}
