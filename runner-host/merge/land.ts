import { setTimeout as sleep } from 'node:timers/promises';
import type { MergeOutcome } from '../protocol/merge-outcome';
import { slugOf } from './journal';
import { branchRef, type Gate, type Link } from './gate';
import { infra } from './gate-stop';
import { push, type BranchAt, type PushAnswer } from './push';
import { intendReceipt } from './receipts';
import { readTargetRefs } from './target-refs';

/** A refusal with nothing moved may be another push that is not through yet: so often it is tried, with these pauses (ms). */
const PAUSES = [100, 400, 1_600];

export type LandAnswer =
  /** The target may show it now: only `verify` says. */
  | { state: 'pushed' }
  /** Base or a branch moved: build again. */
  | { state: 'moved'; said: string }
  | { state: 'closed'; outcome: MergeOutcome };

/**
 * Moves base from `base` to the stack's tip and deletes the branches on the remote, in one atomic compare-and-swap. The backup refs and the
 * intent are on disk before. Throws `GateStop`, `GitFailure`.
 */
export async function land(gate: Gate, links: readonly Link[], base: string): Promise<LandAnswer> {
  const entries = links.map(({ entry }) => entry);
  const [{ tip } = { tip: '' }] = links;
  const { git, target } = gate.mirror;
  if (!(await gate.trees.isAncestor(base, tip)))
    return closed(infra('git-failed', 'LAND', `${tip} does not go on from ${base}: nothing is pushed`));
  await gate.at('LAND', entries);
  await backUp(gate, links);
  for (const link of links) {
    const { entry, onto, commit, tree, tipTree, remoteHead } = link;
    await entry.journal.write('LAND', {
      landing: true,
      candidate: { base: onto, commit, tree, tip, tipTree, remoteHead },
    });
  }
  if (gate.spec.receipt) for (const link of links) await intendReceipt(gate, link);
  await gate.reach('land:before');
  const drop = links.flatMap(({ entry, remoteHead }) =>
    remoteHead === null ? [] : [{ ref: branchRef(entry.item), at: remoteHead }],
  );
  const job = { kind: 'landing', base: { ref: gate.baseRef, at: base }, to: tip, drop } as const;
  for (let tries = 0; ; tries++) {
    const answer = await push(git, target, job);
    await gate.reach('land:after');
    if (answer.state === 'done') return { state: 'pushed' };
    if (answer.state === 'policy') return closed(policy(answer));
    // The refs decide, not the words.
    const now = await readTargetRefs(git, target, [gate.baseRef, ...drop.map(({ ref }) => ref)], 'LAND');
    if (now.get(gate.baseRef) === tip) return { state: 'pushed' };
    if (hasMoved(now, { ref: gate.baseRef, at: base }, drop)) return { state: 'moved', said: answer.said };
    const pause = PAUSES[tries];
    if (answer.state === 'unknown') return closed(infra('push-unknown', 'LAND', answer.said));
    if (answer.state === 'refused' || pause === undefined) return closed(infra('remote-refused', 'LAND', answer.said));
    await sleep(pause);
  }
}

function hasMoved(now: Map<string, string>, base: BranchAt, drop: readonly BranchAt[]): boolean {
  return [base, ...drop].some(({ ref, at }) => now.get(ref) !== at);
}

/** What a deletion could lose stays reachable in the mirror: the reviewed head, and the remote's own. */
async function backUp(gate: Gate, links: readonly Link[]): Promise<void> {
  const lines = links.flatMap(({ entry, remoteHead }) => {
    const name = `refs/interlock/backup/${slugOf(entry.item.item)}/${entry.journal.backup}`;
    const kept = [`update ${name}/head ${entry.item.head}`];
    return remoteHead === null || remoteHead === entry.item.head
      ? kept
      : [...kept, `update ${name}/remote ${remoteHead}`];
  });
  await gate.mirror.git.run(['update-ref', '--stdin'], { input: `${lines.join('\n')}\n` });
}

function closed(outcome: MergeOutcome): LandAnswer {
  return { state: 'closed', outcome };
}

function policy({ rule, said }: Extract<PushAnswer, { state: 'policy' }>): MergeOutcome {
  const remedy = {
    'hook-declined': 'The server’s own hook refused; its words are above. The test’s verdict is kept for the next try',
    'protected-branch': 'Allow this account to push to base, and to delete the item’s branch',
    'base-checked-out': 'Check another branch out there (git switch --detach), or name a remote in interlock.json',
  };
  return { outcome: 'POLICY', rule, detail: said, remedy: remedy[rule] };
}
