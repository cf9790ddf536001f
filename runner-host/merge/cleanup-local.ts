import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TreeReader } from '../git/tree-reader';
import { slugOf } from './journal';
import { branchRef, type Gate, type Link } from './gate';
import { processesInside } from './processes-inside';

interface Place {
  path: string;
  main: boolean;
  locked: boolean;
}

/**
 * Removes the item's worktree and branch from the user's repository if that was asked for, each only with proof; what is kept is said, with the reason.
 * Never fails the landing.
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

/** Only if it is clean, stands on the landed head, and nobody works in it. */
export async function removeItemWorktree(gate: Gate, { entry }: Link): Promise<string[]> {
  const { git, user } = gate.mirror;
  const said: string[] = [];
  for (const { path, main, locked } of await placesOf(gate, branchRef(entry.item))) {
    const why = main
      ? 'it is the main worktree'
      : locked
        ? 'it is locked'
        : await whyInUse(gate, path, entry.item.head);
    if (why !== null) {
      said.push(`worktree ${path} kept: ${why}`);
      continue;
    }
    await git.run(['worktree', 'remove', '--', path], { folder: user.commonDir, settings: 'user' });
    said.push(`worktree ${path} removed`);
  }
  return said;
}

/** Only if its commits are in base (a squash: their content), it stands on the landed head, and no worktree has it. */
export async function removeItemBranch(gate: Gate, { entry, tip }: Link): Promise<string> {
  const { git, user } = gate.mirror;
  const { item, journal } = entry;
  const ref = branchRef(item);
  const kept = (why: string): string => `branch ${item.branch} kept: ${why}`;
  const now = await git.ask(['rev-parse', '--verify', '--quiet', ref], { folder: user.commonDir, settings: 'user' });
  if (now.code !== 0) return `branch ${item.branch} is gone already`;
  const at = now.stdout.toString('utf8').trim();
  if (at !== item.head) return kept(`it stands on ${at}, landed was ${item.head}`);
  const [place] = await placesOf(gate, ref);
  if (place !== undefined) return kept(`${place.path} has it checked out`);
  const reachable = gate.spec.style === 'squash' || (await gate.trees.isAncestor(item.head, tip));
  if (!reachable) return kept('its commits are not in base');
  const backup = `refs/interlock/backup/${slugOf(item.item)}/${journal.backup}/head`;
  const input = `start\nupdate ${backup} ${item.head}\ndelete ${ref} ${item.head}\nprepare\ncommit\n`;
  await git.run(['update-ref', '--stdin'], { folder: user.commonDir, settings: 'user', input });
  return `branch ${item.branch} removed; ${backup} keeps ${item.head}`;
}

/** The worktrees that have the branch checked out. */
async function placesOf(gate: Gate, ref: string): Promise<Place[]> {
  const { git, user } = gate.mirror;
  const listing = await git.text(['worktree', 'list', '--porcelain', '-z'], {
    folder: user.commonDir,
    settings: 'user',
  });
  return listing
    .split('\0\0')
    .map((record, n) => {
      const fields = record.split('\0');
      const path = fields.find((field) => field.startsWith('worktree '))?.slice('worktree '.length) ?? '';
      const locked = fields.some((field) => field === 'locked' || field.startsWith('locked '));
      return { path, main: n === 0, locked, here: fields.includes(`branch ${ref}`) };
    })
    .filter(({ here }) => here);
}

/** Why it must stay, or null. */
async function whyInUse(gate: Gate, path: string, head: string): Promise<string | null> {
  const { table, env, stop: signal } = gate.context;
  const inside = await processesInside(path, table);
  if (inside === undefined) return 'it can’t be seen whether a process works in it';
  const [first] = inside;
  if (first !== undefined) return `process ${first.pid} (${first.command}) works in it`;
  const scratch = join(tmpdir(), `interlock-clean-${process.pid}-${randomBytes(4).toString('hex')}`);
  const reader = new TreeReader({ worktree: path, artifacts: '', scratch, env, signal });
  try {
    const at = await reader.head();
    if (at !== head) return `it stands on ${at}`;
    // Not git status: bits in the worktree's index could hide a change.
    const changed = await reader.changed(await gate.trees.tree(head), await reader.tree([]));
    return changed.length === 0 ? null : `it has changes: ${changed.slice(0, 5).join(', ')}`;
  } finally {
    await reader.close();
  }
}
