import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../setup/step.mjs';
import { report } from './figure';
import { presentLoad } from './ledger/machine';
import { measureCandidate } from './merge/candidate';
import { mergePage, type QueueTable } from './merge/page';
import { measureQueue, WAYS, withSuite, type QueueCost } from './merge/queue';

// `--small` tries the measurement itself out: its figures say little, and no page is written.
const small = process.argv.includes('--small');
const files = small ? 2_000 : 50_000;
const items = small ? 8 : 20;
const suiteMs = small ? 200 : 500;
const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? (small ? 1 : 3));
const MINUTE = 60_000;
/** No further queue is begun after this: then the machine is too busy for figures that say something. */
const MOST_MS = 10 * MINUTE;

const began = performance.now();
const loadBefore = presentLoad();
const cost = await measureCandidate(files, rounds);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
console.log(
  `one item onto main, ${files} files, median of ${cost.rounds}: candidate ${ms(cost.ours)}, with its checks ${ms(cost.checked)}, rebase in a standing worktree ${ms(cost.standingWorktree)}, in one made for it (${cost.freshRounds}) ${ms(cost.freshWorktree)}`,
);
report({
  name: 'candidate, rebase in a standing worktree = 1',
  value: cost.ours / cost.standingWorktree,
  unit: 'x',
  limit: 0.5,
});
report({ name: 'with its checks, the same', value: cost.checked / cost.standingWorktree, unit: 'x', limit: 1 });
report({
  name: 'candidate, rebase in a fresh worktree = 1',
  value: cost.ours / cost.freshWorktree,
  unit: 'x',
  limit: 0.1,
});

const queues: QueueTable[] = [];
for (const bad of small ? [0, 0.25] : [0, 0.1, 0.2]) {
  console.log(`\n${items} items, ${bad * 100} % of them red, a suite of ${suiteMs} ms:`);
  const costs: QueueCost[] = [];
  for (const way of WAYS) {
    if (performance.now() - began > MOST_MS) throw new Error(`${way}: not measured, the time is up`);
    const measured = await measureQueue(way, { items, bad, suiteMs });
    costs.push(measured);
    printQueue(measured, costs[0] ?? measured);
  }
  queues.push({ bad, costs });
}

if (!small) {
  const seconds = (performance.now() - began) / 1000;
  const folder = join(root, 'docs', 'benchmarks');
  mkdirSync(folder, { recursive: true });
  const load = [loadBefore, presentLoad()] as const;
  const path = join(folder, 'merge.md');
  const page = mergePage({ cost, items, suiteMs, queues, load, seconds });
  writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
  console.log(`\ndocs/benchmarks/merge.md was written; ${seconds.toFixed(0)} s`);
}

function printQueue(cost: QueueCost, loop: QueueCost): void {
  const speed = (length: number): string =>
    `${(withSuite(loop, suiteMs, length) / withSuite(cost, suiteMs, length)).toFixed(2)} x`;
  const rest = ms((cost.ms - cost.suites * suiteMs) / items);
  console.log(
    `  ${cost.way.padEnd(12)} ${(cost.ms / 1000).toFixed(1).padStart(6)} s, ${String(cost.suites).padStart(3)} suites, ${cost.landed} landed, ${rest} an item besides the suites; the loop's speed ${speed(suiteMs)}, with a suite of a minute ${speed(MINUTE)}`,
  );
}
