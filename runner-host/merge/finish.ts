import type { MergeOutcome } from '../protocol/merge-outcome';
import { cleanUpLocally } from './cleanup-local';
import { dropPrivateRefs, haveBase } from './fetch';
import { branchRef, settle, type Gate, type Link } from './gate';
import { push } from './push';
import { writeReceipt } from './receipts';
import { readTargetRefs } from './target-refs';

/**
 * Reads the landing back from the target, finishes what the push left, and settles the items: LANDED, or ALARM where base does not hold the
 * tested commit. Throws `GateStop` where the target can't be read: nothing is known then.
 */
export async function finishLanding(gate: Gate, links: readonly Link[], resumed: boolean): Promise<void> {
  const entries = links.map(({ entry }) => entry);
  const [first] = links;
  if (first === undefined) return;
  await gate.at('VERIFY', entries);
  const refs = entries.map(({ item }) => branchRef(item));
  const shown = await readTargetRefs(gate.mirror.git, gate.mirror.target, [gate.baseRef, ...refs], 'VERIFY');
  const alarm = await verify(gate, first, shown.get(gate.baseRef) ?? null);
  if (alarm !== null) {
    for (const entry of entries) settle(entry, alarm);
    return;
  }
  await gate.at('CLEANUP', entries);
  for (const link of links) await finishItem(gate, link, shown, resumed);
  await dropPrivateRefs(
    gate.mirror.git,
    entries.map(({ item }) => item.item),
  );
}

async function verify(gate: Gate, { tip, tipTree }: Link, now: string | null): Promise<MergeOutcome | null> {
  const expected = { commit: tip, tree: tipTree };
  const remedy = `Nothing more is landed until a person has looked: git log ${gate.spec.base}, and interlock verify ${tip}`;
  const alarm = (found: { commit: string | null; tree: string | null }, detail: string): MergeOutcome => {
    return { outcome: 'ALARM', expected, found, detail, remedy };
  };
  if (now === null) return alarm({ commit: null, tree: null }, `${gate.spec.base} is gone after the landing`);
  const base = now === tip ? now : await haveBase(gate, now);
  const tree = await gate.trees.tree(base);
  if (base === tip && tree !== tipTree) return alarm({ commit: base, tree }, 'the landed tree is not the tested one');
  if (base !== tip && !(await gate.trees.isAncestor(tip, base)))
    return alarm(
      { commit: base, tree },
      `${gate.spec.base} does not hold the landed commit: it was rewound or replaced`,
    );
  if (base !== tip && (await gate.trees.tree(tip)) !== tipTree)
    return alarm({ commit: tip, tree }, 'the landed commit has another tree than the tested one');
  return null;
}

async function finishItem(gate: Gate, link: Link, shown: Map<string, string>, resumed: boolean): Promise<void> {
  const { entry, commit, tree } = link;
  const remoteBranch = await finishRemoteBranch(gate, link, shown);
  await gate.reach('branch');
  const receipt = gate.spec.receipt ? await writeReceipt(gate, link) : 'off';
  await gate.reach('receipt');
  entry.seen.cleanup.push(...(await cleanUpLocally(gate, link)));
  await entry.journal.write('DONE');
  await gate.reach('done');
  settle(entry, { outcome: 'LANDED', commit, tree, remoteBranch, resumed, receipt });
}

/** A server that died between the two refs of an atomic push has moved base and kept the branch. */
async function finishRemoteBranch(
  gate: Gate,
  { entry, remoteHead }: Link,
  shown: Map<string, string>,
): Promise<'deleted' | 'absent' | 'kept' | 'not-deleted'> {
  const { mirror, spec } = gate;
  if (!spec.cleanup.remoteBranch || mirror.target.local) return 'kept';
  if (remoteHead === null) return 'absent';
  const ref = branchRef(entry.item);
  const now = shown.get(ref);
  if (now === undefined) return 'deleted';
  if (now !== remoteHead) {
    entry.seen.cleanup.push(`${ref} on the remote stands on ${now}: it has new work and is kept`);
    return 'not-deleted';
  }
  const job = { kind: 'late-deletion', base: gate.baseRef, drop: [{ ref, at: remoteHead }] } as const;
  const answer = await push(mirror.git, mirror.target, job);
  if (answer.state === 'done') return 'deleted';
  entry.seen.cleanup.push(`${ref} on the remote was not deleted: ${answer.said}`);
  return 'not-deleted';
}
