import type { MergeRenumberPlan } from '../../../runner-host/protocol/merge-outcome';
import { releaseLease, takeLease, type Lease } from '../../ledger/lease';
import type { ItemRow } from '../../ledger/rows';
import type { PipelinePorts } from '../context';
import { writeNote } from '../item-note';
import { unknownItem, type CommandOutcome } from '../person-commands';
import { applyPlan, StalePlan } from './apply-plan';
import { lastMerged } from './last-merge';
import { isPerson, refuseAgent } from './only-persons';

/**
 * Gives the item's documents the numbers that the gate has planned: one commit on the item's branch, in its worktree, which must be clean.
 * The kept head of before a bounce gets the same changes, or its lines would be taken for lost ones.
 */
export async function renumberItem(
  ports: Pick<PipelinePorts, 'ledger' | 'git' | 'identity' | 'clock'>,
  { item: id, actor }: { item: string; actor: string },
): Promise<CommandOutcome> {
  if (!isPerson(actor)) return refuseAgent(actor, 'renumber documents');
  const taken = await takeLease(ports.ledger, id, ports.identity, actor);
  if (!taken.ok)
    return refuse('lease-held', `${taken.owner.actor} is advancing ${id} (${taken.liveness})`, `interlock why ${id}`);
  try {
    const item = ports.ledger.read.item(id);
    return item ? await renumber(ports, item, taken.lease, actor) : { ok: false, reason: unknownItem(id) };
  } catch (error) {
    if (error instanceof StalePlan)
      return refuse('stale-plan', error.message, `interlock advance ${id} makes the plan anew at merge`);
    throw error;
  } finally {
    await releaseLease(ports.ledger, taken.lease);
  }
}

async function renumber(
  { ledger, git, clock }: Pick<PipelinePorts, 'ledger' | 'git' | 'clock'>,
  item: ItemRow,
  lease: Lease,
  actor: string,
): Promise<CommandOutcome> {
  const outcome = lastMerged(ledger.read, item.id)?.merged.outcome;
  const plan = outcome?.outcome === 'NUMBER_COLLISION' ? outcome.plan : null;
  if (!plan || plan.yields.length === 0)
    return refuse('no-plan', 'the newest run of the gate has no plan to renumber', `interlock report ${item.id}`);
  const worktree = await git.worktree(item.worktree);
  if (worktree.state !== 'present' || worktree.branch !== item.branch)
    return refuse('worktree-elsewhere', `${item.worktree} does not have ${item.branch} checked out`, 'Bring it there.');
  if (worktree.dirty.length > 0)
    return refuse(
      'worktree-dirty',
      `the worktree has changes that no commit holds: ${worktree.dirty.slice(0, 5).join(', ')}`,
      'Commit them, or remove them, then renumber.',
    );
  const moves = plan.yields.map(({ from, to }) => `${shown(from)} -> ${shown(to)}`).join(', ');
  const message = `docs: renumber ${moves}\n`;
  const changes = await applyPlan(plan, (path) => git.readFile(worktree.head, path), { lacking: false });
  const reserved = await reservePlanned({ ledger, clock }, item, plan, actor);
  if (reserved !== undefined) return reserved;
  const anchor = ledger.read.anchor(item.id);
  if (anchor) {
    const same = await applyPlan(plan, (path) => git.readFile(anchor.head, path), { lacking: true });
    const head = same.length === 0 ? anchor.head : await git.commitChanges(anchor.head, same, message);
    await git.keepCommit(`refs/interlock/anchors/${item.id}`, head);
    const written = await ledger.commit({
      actor,
      event: 'renumber',
      pre: [['anchors', item.id, { head: anchor.head }]],
      put: [['anchors', { ...anchor, head, at: clock.now() }]],
    });
    if (!written.ok) return refuse('changed-meanwhile', `the anchor of ${item.id} changed meanwhile`, 'Try again.');
  }
  const commit = await git.commitChanges(worktree.head, changes, message);
  await git.forward(item.worktree, item.branch, worktree.head, commit);
  const text = `${moves}, in commit ${commit.slice(0, 8)} on ${item.branch}`;
  const noted = await writeNote({ ledger, clock }, lease, { outcome: 'renumbered', text, actor });
  // The commit is on the branch, and says it as well.
  return { ok: true, item: noted.ok ? noted.item : item, text };
}

/** The planned numbers are the item's from now on: nobody else is given them before it lands. */
async function reservePlanned(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  item: ItemRow,
  { yields }: MergeRenumberPlan,
  actor: string,
): Promise<(CommandOutcome & { ok: false }) | undefined> {
  const at = clock.now();
  const rows = yields
    .map(({ series, newDigits }) => ({ series, number: Number(newDigits) }))
    .map(({ series, number }) => ({ id: `${series}#${number}`, series, number, item: item.id, actor, at }))
    .filter(({ id }) => !ledger.read.reservations().some((row) => row.id === id && row.item === item.id));
  if (rows.length === 0) return undefined;
  const kept = await ledger.commit({
    actor,
    event: 'reserve',
    pre: rows.map(({ id }) => ['reservations', id, null]),
    put: rows.map((row) => ['reservations', row]),
  });
  if (kept.ok) return undefined;
  const owner = kept.actual?.['item'];
  return refuse(
    'stale-plan',
    `${kept.key} is reserved ${typeof owner === 'string' ? `for ${owner}` : 'for another item'} by now`,
    `interlock advance ${item.id} makes the plan anew at merge`,
  );
}

const shown = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

function refuse(code: string, text: string, remedy: string): CommandOutcome & { ok: false } {
  return { ok: false, reason: { code, text, remedy } };
}
