import { spawnSync } from 'node:child_process';
import { timed } from './bench-git';
import { QueueRig } from './queue-rig';

export const WAYS = ['rebase loop', 'serial', 'halving 4', 'halving 8'] as const;
export type Way = (typeof WAYS)[number];

export interface QueueCost {
  way: Way;
  ms: number;
  /** How often the suite was run. */
  suites: number;
  landed: number;
}

export interface QueuePlan {
  items: number;
  /** The share of items that are red. */
  bad: number;
  suiteMs: number;
}

/** What the whole queue would take (ms) with a suite of another length: the gate's own work does not depend on it. */
export function withSuite({ ms, suites }: QueueCost, measuredMs: number, suiteMs: number): number {
  return ms - suites * measuredMs + suites * suiteMs;
}

/** Lands a queue of items that are all ready, in one of four ways, each from the same start. */
export async function measureQueue(way: Way, plan: QueuePlan): Promise<QueueCost> {
  const bad = badItems(plan);
  const rig = new QueueRig(way.replace(' ', '-'), bad, plan.suiteMs);
  try {
    const ms = await timed(() => (way === 'rebase loop' ? rebaseLoop(rig) : throughGate(rig, SIZES[way])));
    const landed = rig.landed();
    const expected = bad.filter((isBad) => !isBad).length;
    if (landed !== expected) throw new Error(`${way}: ${landed} items landed, ${expected} are green`);
    return { way, ms, suites: rig.suites(), landed };
  } finally {
    rig.remove();
  }
}

const SIZES = { serial: 1, 'halving 4': 4, 'halving 8': 8 } as const;

/** One run of the gate for each batch, in the order of the queue. */
async function throughGate(rig: QueueRig, size: number): Promise<void> {
  for (let at = 0; at < rig.items.length; at += size)
    for (const { outcome, item } of await rig.land(rig.items.slice(at, at + size)))
      if (outcome.outcome !== 'LANDED' && outcome.outcome !== 'RED')
        throw new Error(`${item}: ${outcome.outcome} ${outcome.detail}`);
}

/** As people script it: rebase each branch onto main in a clone, run the suite there, push, delete the branch. */
function rebaseLoop(rig: QueueRig): void {
  for (const { branch } of rig.items) {
    rig.git('fetch', '-q', 'origin');
    rig.git('switch', '-q', branch);
    rig.git('rebase', '-q', 'origin/main');
    const suite = spawnSync('/bin/sh', ['-c', rig.suite], { cwd: rig.clone, env: rig.bench.env });
    if (suite.status !== 0) continue;
    rig.git('push', '-q', 'origin', 'HEAD:main', `:${branch}`);
  }
}

/** Which items are red: the same ones for every way, spread by a fixed series of numbers. */
export function badItems({ items, bad }: Pick<QueuePlan, 'items' | 'bad'>): boolean[] {
  const wanted = Math.round(items * bad);
  const places = Array.from({ length: items }, (_, n) => n);
  let state = 12_345;
  for (let n = places.length - 1; n > 0; n -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const other = state % (n + 1);
    [places[n], places[other]] = [places[other] ?? 0, places[n] ?? 0];
  }
  const chosen = new Set(places.slice(0, wanted));
  return Array.from({ length: items }, (_, n) => chosen.has(n));
}
