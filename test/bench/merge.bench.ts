import { report } from './figure';
import { measureCandidate } from './merge/candidate';
import { measureQueue, WAYS, type QueueCost } from './merge/queue';

// `--small` tries the measurement itself out: its figures say little.
const small = process.argv.includes('--small');
const files = small ? 2_000 : 50_000;
const items = small ? 8 : 20;
const suiteMs = small ? 200 : 1_000;
const rounds = Number(process.env['INTERLOCK_BENCH_ROUNDS'] ?? (small ? 1 : 3));

const cost = await measureCandidate(files, rounds);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
console.log(
  `one item onto main, ${files} files, median of ${cost.rounds}: candidate ${ms(cost.ours)}, with its checks ${ms(cost.checked)}, rebase in a standing worktree ${ms(cost.standingWorktree)}, in one made for it ${ms(cost.freshWorktree)}`,
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

for (const bad of small ? [0, 0.25] : [0, 0.1, 0.2]) {
  const costs = new Map<string, QueueCost>();
  for (const way of WAYS) costs.set(way, await measureQueue(way, { items, bad, suiteMs }));
  const loop = costs.get('rebase loop');
  if (loop === undefined) throw new Error('the loop was not measured');
  console.log(`\n${items} items, ${bad * 100} % of them red, a suite of ${suiteMs} ms:`);
  for (const { way, ms: whole, suites, landed } of costs.values()) {
    const rest = (whole - suites * suiteMs) / items;
    console.log(
      `  ${way.padEnd(12)} ${(whole / 1000).toFixed(1).padStart(6)} s, ${String(suites).padStart(3)} suites, ${landed} landed: ${(landed / (whole / suiteMs)).toFixed(2)} in the time of a suite, ${(loop.ms / whole).toFixed(2)} x the loop's speed; ${ms(rest)} an item besides the suites`,
    );
  }
}
