import type { CleanRequest } from '../../protocol/merge-clean';
import { matcher } from '../checks/glob';
import { GitTrees } from '../checks/git-trees';
import { contentOn, MOST_PATHS } from '../content-on';
import { slugOf } from '../journal';
import type { Mirror } from '../open-mirror';
import { findReceipt } from '../receipts';
import { fetchInto } from '../target-refs';
import { GitFailure } from '../../git/run-git';

export type Proof = { proven: true; text: string } | { proven: false; text: string };

interface Tools {
  mirror: Mirror;
  env: NodeJS.ProcessEnv;
  stop: AbortSignal;
}

/**
 * Whether all that the branch holds is on base, as the target shows it now: by history; else by a receipt that the landing in the
 * ledger agrees with; else by content, at the landed commit or at base's tip. Throws `GateStop` and `GitFailure` where that can't be said.
 */
export async function proveOnBase({ mirror, env, stop }: Tools, request: CleanRequest, head: string): Promise<Proof> {
  const { git, target, user } = mirror;
  const base = await fetchBase(mirror, request.base);
  const own = { url: user.commonDir, variables: {}, own: true };
  const names = [head, request.fork].map((id) => `+${id}:refs/interlock/items/${slugOf(request.item)}/clean/${id}`);
  const fetched = await fetchInto(git, own, [...new Set(names)]);
  if (!fetched.ok) throw new GitFailure(['fetch', head], fetched.said);
  const trees = new GitTrees({ folder: git.folder, env, signal: stop });
  try {
    const where = target.local ? request.base : `${request.remote}/${request.base}`;
    if (await trees.isAncestor(head, base))
      return { proven: true, text: `${short(head)} is in the history of ${where}` };
    const landed = await landedCommit(mirror, trees, request, base);
    if (landed !== null && (await receiptHolds(mirror, trees, request, landed, head)))
      return { proven: true, text: `it landed on ${where} as ${short(landed)}, and the receipt there holds` };
    for (const at of landed === null ? [base] : [landed, base]) {
      const content = await contentOn(trees, request.fork, head, at);
      const what = at === base ? where : `${short(at)}, which is in the history of ${where}`;
      if (content.state === 'contained') return { proven: true, text: `every change of ${short(head)} is on ${what}` };
      if (content.state === 'missing' && areReports(content.paths, request.reports))
        return { proven: true, text: `every change of ${short(head)} but its reports is on ${what}` };
      if (at !== base) continue;
      return { proven: false, text: missing(content, where) };
    }
    return { proven: false, text: `nothing shows that its changes are on ${where}` };
  } finally {
    await trees.close();
  }
}

async function fetchBase({ git, target }: Mirror, base: string): Promise<string> {
  const from = { url: target.url, variables: target.variables, own: target.local };
  const ref = 'refs/interlock/fetched/base';
  const fetched = await fetchInto(git, from, [`+refs/heads/${base}:${ref}`]);
  if (!fetched.ok) throw new GitFailure(['fetch', base], fetched.said);
  return git.text(['rev-parse', '--verify', `${ref}^{commit}`]);
}

/** What the ledger calls the landed commit, if base's history has it with that tree. */
async function landedCommit(
  { git }: Mirror,
  trees: GitTrees,
  { landing }: CleanRequest,
  base: string,
): Promise<string | null> {
  if (landing === null) return null;
  const there = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${landing.commit}^{commit}`]);
  if (there.code !== 0 || !(await trees.isAncestor(landing.commit, base))) return null;
  return landing.tree === null || (await trees.tree(landing.commit)) === landing.tree ? landing.commit : null;
}

/** The receipt says of which head the landed commit was made: the branch must not have more. */
async function receiptHolds(
  { git, target }: Mirror,
  trees: GitTrees,
  { item, landing }: CleanRequest,
  landed: string,
  head: string,
): Promise<boolean> {
  const receipt = await findReceipt(git, target, landed);
  if (receipt === null || receipt.item !== item || receipt.candidate !== landed) return false;
  if (receipt.tree !== (await trees.tree(landed)) || landing?.head !== receipt.head) return false;
  if (receipt.head === head) return true;
  const known = await git.ask(['rev-parse', '--verify', '--quiet', `${receipt.head}^{commit}`]);
  return known.code === 0 && (await trees.isAncestor(head, receipt.head));
}

function areReports(paths: readonly string[], globs: readonly string[]): boolean {
  // A list that was cut off says nothing of the rest.
  if (paths.length === 0 || paths.length >= MOST_PATHS) return false;
  const isReport = matcher(globs);
  return paths.every((path) => isReport(Buffer.from(path).toString('latin1')));
}

function missing(content: Awaited<ReturnType<typeof contentOn>>, where: string): string {
  switch (content.state) {
    case 'missing':
      return `its commits are not in the history of ${where}, and these changes are not there: ${content.paths.slice(0, 10).join(', ')}`;
    case 'conflict':
      return `its commits are not in the history of ${where}, and other lines stand where its changes were: ${content.paths.slice(0, 10).join(', ')}`;
    default:
      return `its commits are not in the history of ${where}, and all of them together change nothing`;
  }
}

const short = (id: string): string => id.slice(0, 8);
