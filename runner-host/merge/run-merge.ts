import { join } from 'node:path';
import { livenessOf } from '../processes/own-identity';
import type { MergedItem, MergeRunResult, MergeRunSpec } from '../protocol/merge';
import type { MergeOutcome } from '../protocol/merge-outcome';
import { noSupervision } from '../runners/no-supervision';
import { claim } from './claim';
import { Gate, newEntry, settle, type Entry } from './gate';
import { outcomeOf } from './gate-stop';
import { Journal } from './journal';
import { landGroups } from './land-groups';
import type { MergeContext } from './merge-context';
import { openMirror } from './open-mirror';
import { finishReceipts } from './receipts';
import { sweep } from './sweep';

/**
 * Takes items from a reviewed branch to base: one after the other, or as a batch that is halved when it is red. May be killed at
 * any instant and started again with the same items: it takes up where it was. Never throws; what could not be done is INFRA.
 */
export async function runMerge(spec: MergeRunSpec, context: MergeContext): Promise<MergeRunResult> {
  const startedAt = Date.now();
  const entries: Entry[] = [];
  let gate: Gate | null = null;
  const all = (outcome: MergeOutcome): MergeRunResult =>
    resultOf(
      spec,
      spec.items.map((item) => unseen(item, outcome)),
      noSupervision(startedAt),
    );
  try {
    context.onStep('claim');
    const liveness = (owner: MergeContext['me']) => livenessOf(context.table, context.me, owner);
    const lock = await claim(join(context.folder, 'lock'), context.me, spec.run, liveness);
    if (lock.state === 'busy') return all(busy(lock));
    try {
      await context.reach?.('claimed');
      const mirror = await openMirror(context, spec);
      gate = new Gate(spec, context, mirror, startedAt);
      await sweep(gate);
      if (spec.receipt) await finishReceipts(mirror, context);
      for (const item of spec.items) {
        const about = JSON.stringify([item.head, item.fork, spec.base, mirror.target.url, spec.style]);
        const folder = join(context.folder, 'items');
        const journal = await Journal.open(folder, item.item, about, spec.run, new Date(), context.log);
        entries.push(newEntry(item, journal));
      }
      await landGroups(gate, entries);
    } finally {
      await gate?.trees.close();
      await lock.release();
    }
  } catch (error) {
    const outcome = outcomeOf(error, gate?.step ?? 'CLAIM', context.stop);
    if (entries.length < spec.items.length) return all(outcome);
    for (const entry of entries) settle(entry, outcome);
  }
  return resultOf(spec, entries.map(itemOf), gate?.lastSupervision ?? noSupervision(startedAt));
}

function resultOf({ run, item }: MergeRunSpec, items: MergedItem[], supervision: MergeRunResult['supervision']) {
  return { status: 'gate-ended' as const, run, item, kind: 'merge' as const, supervision, items };
}

function itemOf({ item, seen, outcome }: Entry): MergedItem {
  if (outcome === null) throw new Error(`${item.item} left the gate without an outcome`);
  return { item: item.item, head: item.head, outcome, ...seen };
}

function unseen({ item, head }: MergeRunSpec['items'][number], outcome: MergeOutcome): MergedItem {
  const nothing = { base: null, candidate: null, tree: null, tip: null, batch: [], attempts: 0 };
  const judged = { test: null, security: null, coverage: null, warnings: [], cleanup: [] };
  return { item, head, outcome, ...nothing, ...judged };
}

function busy({ owner, run, file }: Extract<Awaited<ReturnType<typeof claim>>, { state: 'busy' }>): MergeOutcome {
  const who = run === null ? 'another gate' : `run ${run}`;
  return owner === 'alive'
    ? { outcome: 'LOCK_BUSY', owner, run, detail: `${who} is at work`, remedy: 'Wait until it has ended' }
    : {
        outcome: 'LOCK_BUSY',
        owner,
        run,
        detail: `${who} may be at work on another machine or in another container`,
        remedy: `If it is certainly not: remove ${file}`,
      };
}
