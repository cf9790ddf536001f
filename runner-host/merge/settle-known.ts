import { missingOf } from './commit-facts';
import { contentOn, type ContentOn } from './content-on';
import { headChanged, type Standing } from './fetch';
import { branchRef, settle, type Entry, type Gate, type Link } from './gate';

/**
 * Settles the item if nothing has to be built for it: its landing is finished, its work is there already, or its head is not the
 * reviewed one. Returns the landing of an earlier gate that is to be finished, or null. Throws `GitFailure`.
 */
export async function settleKnown(gate: Gate, entry: Entry, standing: Standing): Promise<Link | null> {
  const { item } = entry;
  const landed = await earlierLanding(gate, entry, standing);
  if (landed !== null || entry.outcome !== null) return landed;
  const bases = await gate.trees.mergeBases(standing.base, item.head);
  if (bases.length === 0) {
    settle(entry, {
      outcome: 'POLICY',
      rule: 'unrelated-histories',
      detail: `${item.branch} and ${gate.spec.base} have no common commit`,
      remedy: 'Bring the work onto a branch that began at base',
    });
  } else if (bases.includes(item.head)) {
    const content = await contentOn(gate.trees, item.fork, item.head, standing.base);
    settle(entry, alreadyThere(content, standing.base, gate.spec.base, true));
  } else {
    settleMovedHead(entry, standing, await remoteIsBehind(gate, entry, standing));
  }
  return null;
}

/** What a merge that brings nothing new means: `inHistory`: the head itself is in base's history. */
export function alreadyThere(content: ContentOn, at: string, base: string, inHistory: boolean) {
  switch (content.state) {
    case 'empty':
      return {
        outcome: 'EMPTY' as const,
        detail: 'the item changes nothing',
        remedy: 'Close the item, or send it back to development',
      };
    case 'contained':
      return {
        outcome: 'ALREADY_LANDED' as const,
        commit: at,
        detail: `every change of the item is on ${base}`,
        remedy: 'Nothing to do',
      };
    case 'missing':
    case 'conflict': {
      const where = inHistory ? `the head is in the history of ${base}` : `git finds nothing to merge into ${base}`;
      const how =
        content.state === 'missing' ? 'its changes are not there' : 'other lines stand where its changes were';
      return {
        outcome: 'LANDED_BUT_LOST' as const,
        paths: content.paths,
        detail: `${where}, but ${how}: it was reverted, or overwritten`,
        remedy: 'Bring the changes back in new commits (git revert of the revert), or close the item',
      };
    }
  }
}

/** Work that was merged and reverted is not brought back by merging what was added to it later. */
export async function lostBefore(gate: Gate, entry: Entry, main: string, candidate: string): Promise<ContentOn | null> {
  const { item } = entry;
  const [base] = await gate.trees.mergeBases(main, item.head);
  if (base === undefined || base === item.fork || (await gate.trees.isAncestor(base, item.fork))) return null;
  const args = ['rev-list', '--first-parent', `${item.fork}..${main}`];
  const mainline = (await gate.mirror.git.text(args)).split('\n');
  // The item took main in: that is no landing.
  if (mainline.includes(base)) return null;
  const content = await contentOn(gate.trees, item.fork, item.head, candidate);
  return content.state === 'missing' ? content : null;
}

async function earlierLanding(gate: Gate, entry: Entry, standing: Standing): Promise<Link | null> {
  const { journal, item } = entry;
  const { candidate } = journal;
  if (candidate === null || !journal.landing) return null;
  if ((await missingOf(gate.mirror.git, [candidate.tip, candidate.commit])).size > 0) return null;
  if (!(await gate.trees.isAncestor(candidate.tip, standing.base))) return null;
  if (journal.isDone && candidate.tip !== standing.base) {
    const content = await contentOn(gate.trees, item.fork, item.head, standing.base);
    if (content.state === 'missing') {
      settle(entry, alreadyThere(content, standing.base, gate.spec.base, true));
      return null;
    }
  }
  const { base, commit, tree, tip, tipTree, remoteHead } = candidate;
  Object.assign(entry.seen, { base, candidate: commit, tree, tip });
  return { entry, onto: base, commit, tree, remoteHead, tip, tipTree };
}

async function remoteIsBehind(gate: Gate, { item }: Entry, { remote }: Standing): Promise<boolean> {
  const at = remote.get(branchRef(item));
  if (gate.mirror.target.local || at === undefined || at === item.head) return true;
  // A commit that the mirror does not have is not in the head's history.
  if ((await missingOf(gate.mirror.git, [at])).size > 0) return false;
  return gate.trees.isAncestor(at, item.head);
}

function settleMovedHead(entry: Entry, { remote, local }: Standing, behind: boolean): void {
  const ref = branchRef(entry.item);
  const { head } = entry.item;
  const here = local.get(ref) ?? remote.get(ref) ?? null;
  if (here !== head) settle(entry, headChanged('local', head, here));
  else if (!behind) settle(entry, headChanged('remote', head, remote.get(ref) ?? null));
}
