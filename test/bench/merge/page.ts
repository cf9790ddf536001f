import { describeMachine } from '../ledger/machine';
import { root } from '../../setup/step.mjs';
import type { CandidateCost } from './candidate';
import { withSuite, type QueueCost } from './queue';

export interface QueueTable {
  bad: number;
  costs: readonly QueueCost[];
}

export interface Measured {
  cost: CandidateCost;
  items: number;
  suiteMs: number;
  queues: readonly QueueTable[];
  /** Load averages at the start and at the end, and seconds in all. */
  load: readonly [string, string];
  seconds: number;
}

const MINUTE = 60_000;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The text of docs/benchmarks/merge.md. */
export function mergePage({ cost, items, suiteMs, queues, load, seconds }: Measured): string {
  const files = cost.files.toLocaleString('en-US');
  return `# The merge gate, measured

Made by \`npm run bench -- merge\`; every figure is from one run. \`--small\` tries the measurement out and writes nothing.

${describeMachine(root)
  .slice(0, 2)
  .map((fact) => `- ${fact}`)
  .join('\n')}
- Load average ${load[0]} at the start and ${load[1]} at the end; ${new Date().toISOString().slice(0, 10)}, ${seconds.toFixed(0)} s in all

## One item onto main

A repository of ${files} files; main went on by ten commits, the item has five, of 20 files each. Medians of ${cost.rounds}, the fresh worktree's of ${cost.freshRounds}. All
four give the same tree.

${table(
  ['', 'ms', 'rebase in a standing worktree = 1', 'rebase in a fresh worktree = 1'],
  [
    row(cost, 'candidate: merge-tree and commit-tree, no worktree', cost.ours),
    row(cost, 'candidate with carry check, numbers and markers', cost.checked),
    row(cost, '`git rebase` in a worktree that stands already', cost.standingWorktree),
    row(cost, '`git rebase` in a worktree that is made for it and removed', cost.freshWorktree),
  ],
)}

The tested commit still needs a worktree, once for each suite: that is in the second part.

## A queue of ${items} items

All are ready at once, each with a commit of its own on a bare origin on the same disk; a suite takes ${suiteMs} ms. The loop is what people script: fetch, rebase the
branch in a clone, run the suite there, push, delete the branch. It supervises nothing, checks nothing, keeps no record, and its push is no compare-and-swap of
the branch. The gate runs its suites supervised in own worktrees, keeps journals on disk, pushes by compare-and-swap, reads the landing back and writes a receipt.

Beside the suite that was measured stand speeds for longer ones, computed from the same run: the time besides the suites stays, the number of suites stays. Speeds are
the loop's = 1.

${queues.map((queue) => queueTable(queue, items, suiteMs)).join('\n\n')}
`;
}

function row({ standingWorktree, freshWorktree }: CandidateCost, what: string, ms: number): string[] {
  return [what, ms.toFixed(0), (ms / standingWorktree).toFixed(2), (ms / freshWorktree).toFixed(3)];
}

function queueTable({ bad, costs }: QueueTable, items: number, suiteMs: number): string {
  const [loop] = costs;
  if (loop === undefined) throw new Error('nothing was measured');
  const speed = (cost: QueueCost, length: number): string =>
    (withSuite(loop, suiteMs, length) / withSuite(cost, suiteMs, length)).toFixed(2);
  const rows = costs.map((cost) => [
    cost.way,
    `${(cost.ms / 1000).toFixed(1)} s`,
    String(cost.suites),
    String(cost.landed),
    `${((cost.ms - cost.suites * suiteMs) / items).toFixed(0)} ms`,
    ...[suiteMs, MINUTE, 10 * MINUTE].map((length) => speed(cost, length)),
  ]);
  const head = ['', 'in all', 'suites', 'landed', 'an item besides the suites', 'speed', 'suite of 1 min', 'of 10 min'];
  return `### ${(bad * 100).toFixed(0)} % of them red\n\n${table(head, rows)}`;
}
