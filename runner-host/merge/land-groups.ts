import { fetchStanding, headChanged, readLocalHeads, type Standing } from './fetch';
import { finishLanding } from './finish';
import { branchRef, settle, type Entry, type Gate, type Link } from './gate';
import { land } from './land';
import { refuseCheckedOut } from './checked-out';
import { judgeSecurity } from './security';
import { settleKnown } from './settle-known';
import { buildStack } from './stack';
import { testTip } from './test-tip';

/** Lands the items as one batch; a red one is halved, down to single items. Every entry has an outcome afterwards, unless it throws. */
export async function landGroups(gate: Gate, entries: readonly Entry[]): Promise<void> {
  const groups: (readonly Entry[])[] = [entries];
  for (let group = groups.shift(); group !== undefined; group = groups.shift())
    groups.unshift(...(await landGroup(gate, group)));
}

/** Returns the groups that are to be landed next. */
async function landGroup(gate: Gate, group: readonly Entry[]): Promise<Entry[][]> {
  for (let attempt = 1; ; attempt++) {
    const open = group.filter(({ outcome }) => outcome === null);
    if (open.length === 0) return [];
    for (const { seen } of open) seen.attempts += 1;
    const round = await attemptLanding(gate, open);
    if (round.state === 'ended') return round.next;
    if (attempt < gate.spec.moves) continue;
    for (const entry of open)
      settle(entry, {
        outcome: 'MOVED',
        attempts: attempt,
        detail: `${gate.spec.base} moved each of ${attempt} times while the candidate was tested: ${round.said}`,
        remedy: 'Land when it is calmer, or let several items land as a batch',
      });
    return [];
  }
}

type Round = { state: 'ended'; next: Entry[][] } | { state: 'moved'; said: string };

async function attemptLanding(gate: Gate, group: readonly Entry[]): Promise<Round> {
  await gate.at('FETCH', group);
  const standing = await fetchStanding(gate, group);
  await refuseCheckedOut(gate);
  for (const entry of stillOpen(group)) {
    const earlier = await settleKnown(gate, entry, standing);
    if (earlier !== null) await finishLanding(gate, [earlier], true);
  }
  for (const entry of stillOpen(group)) await judgeSecurity(gate, entry);
  const { links, postponed } = await buildStack(gate, stillOpen(group), standing);
  const later = postponed.length === 0 ? [] : [postponed];
  if (links.length === 0) return { state: 'ended', next: later };
  await gate.reach('built');
  const verdict = await testTip(gate, links, standing.base);
  const entries = links.map(({ entry }) => entry);
  if (verdict.state === 'closed') {
    if (verdict.blames && links.length > 1) return { state: 'ended', next: [...halves(entries), ...later] };
    for (const entry of entries) settle(entry, verdict.outcome);
    return { state: 'ended', next: later };
  }
  if (await headsMoved(gate, links, standing)) return { state: 'ended', next: [stillOpen(group)] };
  const landed = await land(gate, links, standing.base);
  switch (landed.state) {
    case 'moved':
      return landed;
    case 'closed':
      for (const entry of entries) settle(entry, landed.outcome);
      return { state: 'ended', next: later };
    case 'pushed':
      await finishLanding(gate, links, false);
      return { state: 'ended', next: later };
  }
}

function stillOpen(group: readonly Entry[]): Entry[] {
  return group.filter(({ outcome }) => outcome === null);
}

function halves(entries: Entry[]): Entry[][] {
  const middle = Math.ceil(entries.length / 2);
  return [entries.slice(0, middle), entries.slice(middle)];
}

/** A branch that moved while its commit was tested is not landed: what was reviewed is not what is there. */
async function headsMoved(gate: Gate, links: readonly Link[], { local }: Standing): Promise<boolean> {
  const { git, target, user } = gate.mirror;
  const refs = links.map(({ entry }) => branchRef(entry.item));
  const now = await readLocalHeads(git, user.commonDir, refs);
  for (const { entry } of links) {
    const ref = branchRef(entry.item);
    // A branch that is only on the remote is under the push's own lease.
    if (!target.local && !local.has(ref) && !now.has(ref)) continue;
    if (now.get(ref) !== entry.item.head) settle(entry, headChanged('local', entry.item.head, now.get(ref) ?? null));
  }
  return links.some(({ entry }) => entry.outcome !== null);
}
