import { alreadyThere, lostBefore } from './settle-known';
import { buildCandidate } from './candidate';
import { settleChecks } from './check-link';
import { contentOn } from './content-on';
import type { Standing } from './fetch';
import { branchRef, settle, type Entry, type Gate, type Link } from './gate';
import { refuseSubmodules } from './submodules';

export interface Stack {
  /** In the order of landing; the last one is what is tested and pushed. */
  links: Link[];
  /** Items that do not fit onto those before them: they are built again when those have landed. */
  postponed: Entry[];
}

/**
 * Builds the candidates one on the other. An item that fails on base itself is settled with its outcome; one that only fails on top of others is
 * postponed. Throws `GitFailure`.
 */
export async function buildStack(gate: Gate, entries: readonly Entry[], standing: Standing): Promise<Stack> {
  const links: Omit<Link, 'tip' | 'tipTree'>[] = [];
  const postponed: Entry[] = [];
  let onto = standing.base;
  for (const entry of entries) {
    const built = await buildLink(gate, entry, onto, standing);
    if (built === null && onto !== standing.base) {
      entry.outcome = null;
      postponed.push(entry);
    }
    if (built === null) continue;
    links.push(built);
    onto = built.commit;
  }
  const last = links.at(-1);
  if (last === undefined) return { links: [], postponed };
  const { commit: tip, tree: tipTree } = last;
  const names = links.map(({ entry }) => entry.item.item);
  const whole = links.map((link) => ({ ...link, tip, tipTree }));
  for (const { entry, onto: base, commit, tree } of whole) {
    const batch = names.filter((name) => name !== entry.item.item);
    Object.assign(entry.seen, { base, candidate: commit, tree, tip, batch });
  }
  return { links: whole, postponed };
}

/** Null: the item is settled. */
async function buildLink(
  gate: Gate,
  entry: Entry,
  onto: string,
  standing: Standing,
): Promise<Omit<Link, 'tip' | 'tipTree'> | null> {
  const { spec, mirror, trees } = gate;
  const { item } = entry;
  await gate.at('BUILD', [entry]);
  const built = await buildCandidate(mirror.git, trees, item, onto, spec.style);
  if (built.state === 'conflict') {
    settle(entry, {
      outcome: 'CONFLICT',
      files: built.files,
      more: built.more,
      detail: `${item.branch} and ${spec.base} change the same lines of ${built.files.length + built.more} file(s)`,
      remedy: `Merge ${spec.base} into ${item.branch} and keep both sides' work; the head of before is kept as the anchor`,
    });
    return null;
  }
  if (built.state === 'nothing-new') {
    const content = await contentOn(trees, item.fork, item.head, onto);
    settle(entry, alreadyThere(content, onto, spec.base, false));
    return null;
  }
  const { commit, tree } = built.candidate;
  Object.assign(entry.seen, { base: onto, candidate: commit, tree });
  await gate.at('CHECK', [entry]);
  const lost = await lostBefore(gate, entry, onto, commit);
  if (lost !== null) settle(entry, alreadyThere(lost, onto, spec.base, true));
  else if (!(await refuseSubmodules(gate, entry, onto, commit))) await settleChecks(gate, entry, onto, commit);
  if (entry.outcome !== null) return null;
  const drop = spec.cleanup.remoteBranch && !mirror.target.local;
  return { entry, onto, commit, tree, remoteHead: drop ? (standing.remote.get(branchRef(item)) ?? null) : null };
}
